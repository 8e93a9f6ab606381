import { z } from 'zod';

/*
 * What a backup says of itself, in its last entry: whoever finds it has found the end, and its name holds the SHA-256 of its bytes.
 */

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
/** A piece of a table, or a file whose name does not tell its digest. */
const part = z.object({ name: z.string(), bytes: count, sha256: hex });

const manifest = z.object({
  format: z.literal('rostrum-backup'),
  formatVersion: z.literal(1),
  createdAt: z.iso.datetime(),
  rostrum: z.string(),
  /** As `server_version_num` has it. */
  postgres: count,
  migrations: z.array(z.object({ name: z.string(), sha256: hex })),
  /** Null where labels were left out. */
  key: z.object({ salt: z.string(), n: count, r: count, p: count }).nullable(),
  /** `columns` in the order of the text that the parts hold, one after the other. */
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: count,
      isSealed: z.boolean(),
      parts: z.array(part),
    }),
  ),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), lastValue: z.string(), isCalled: z.boolean() })),
  /** Of the newest snapshot of every competition that has one. */
  boards: z.array(z.object({ competitionId: z.uuid(), slug: z.string(), version: count, sha256: hex })),
  /** Recordings, slides and archives, each named by its own digest. */
  objects: z.object({ count, bytes: count, withRecordings: z.boolean(), missing: z.array(z.string()) }),
  /** Of organisers' own baseline models. */
  models: z.array(part),
});
export type Manifest = z.infer<typeof manifest>;
export type TableInBackup = Manifest['tables'][number];
export type Part = z.infer<typeof part>;

export function manifestName(sha256: string): string {
  return `manifest-${sha256}.json`;
}

/** The digest that the manifest's name promises; null where this is another entry. */
export function digestInName(name: string): string | null {
  return /^manifest-([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? null;
}

/** Null where it is none that we can read. */
export function parseManifest(text: string): Manifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
