import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { type Manifest, parseManifest } from '#lib/backup/manifest.ts';
import { type RestoreOutcome, restoreTables } from '#lib/db/backup-restore.ts';
import {
  beginReading,
  columnList,
  copyOut,
  listTables,
  readFacts,
  readSequences,
  relation,
} from '#lib/db/backup-tables.ts';

/*
 * What a release left in a database, as one text: the manifest of a backup in its first line, then PostgreSQL's COPY, table by table.
 * Whoever upgrades begins from such rows, so every release leaves one (write.ts), and every later version has to take it on.
 */

export type Kept = { manifest: Manifest; text: ReadonlyMap<string, string> };

/** The rows of the database of `ownerUrl`, whatever migrations it has; labels and all, so of a season that was made up. */
export async function keepDatabase(ownerUrl: string, version: string): Promise<string> {
  const { client, end } = await beginReading(ownerUrl);
  try {
    const facts = await readFacts(client);
    const copies: string[] = [];
    const tables: Manifest['tables'] = [];
    for (const table of await listTables(client)) {
      const { text, rows } = copyOut(client, table);
      const body = await readAll(text);
      tables.push({ ...table, isSealed: false, rows: rows(), parts: [] });
      if (body !== '') copies.push(`copy ${relation(table)} (${columnList(table)}) from stdin;\n${body}\\.\n`);
    }
    const manifest: Manifest = {
      ...{ format: 'rostrum-backup', formatVersion: 1, rostrum: version, ...facts, key: null, tables, models: [] },
      sequences: await readSequences(client),
      objects: { count: 0, bytes: 0, withRecordings: false, missing: [] },
    };
    return `-- ${JSON.stringify(manifest)}\n${copies.join('')}`;
  } finally {
    await end();
  }
}

/** Throws where the text is none of `keepDatabase`. */
export function readKept(text: string): Kept {
  const end = text.indexOf('\n');
  const manifest = parseManifest(text.slice(3, end));
  if (manifest === null) throw new Error('the first line is no manifest');
  const copies = text.slice(end + 1).matchAll(/^copy (\S+) \(.*\) from stdin;\n([\s\S]*?)^\\\.\n/gm);
  return { manifest, text: new Map([...copies].map((copy) => [copy[1]!, copy[2]!])) };
}

/** Makes of the empty database of `ownerUrl` the one that was kept, with the migrations that it had. */
export function restoreKept(ownerUrl: string, folder: string, { manifest, text }: Kept): Promise<RestoreOutcome> {
  return restoreTables(ownerUrl, folder, manifest, (table) =>
    Readable.from([Buffer.from(text.get(relation(table)) ?? '')].filter(({ length }) => length > 0)),
  );
}
