import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from './sentences.mjs';

const Secrets = z.object({
  /** Signs sessions and links. */
  secret: z.string(),
  /** Passwords of the database's roles. */
  postgres: z.object({ superuser: z.string(), owner: z.string(), web: z.string(), scorer: z.string() }),
});
export type Secrets = z.infer<typeof Secrets>;

/** What was made up for the installation in `home`, at the first time. Only its owner may read the file. */
export function readSecrets(home: string): Secrets {
  const path = join(home, 'secrets.json');
  if (!existsSync(path)) writeSecrets(path, newSecrets());
  chmodSync(path, 0o600);
  try {
    return Secrets.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Refusal('secrets-broken', { path }, { cause });
  }
}

function newSecrets(): Secrets {
  const random = () => randomBytes(32).toString('base64url');
  return { secret: random(), postgres: { superuser: random(), owner: random(), web: random(), scorer: random() } };
}

function writeSecrets(path: string, secrets: Secrets): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}
