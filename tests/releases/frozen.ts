import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Migration = { name: string; sha256: string };

/** The files as they are, in the order of their numbers. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({
      name,
      sha256: createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    }));
}

/** What keeps a database with the migrations of a release from coming up to `now`: files that were changed, taken away, or put in between. */
export function findBrokenPromises(released: readonly Migration[], now: readonly Migration[]): string[] {
  const digests = new Map(now.map(({ name, sha256 }) => [name, sha256]));
  const last = released.at(-1)?.name ?? '';
  const names = new Set(released.map(({ name }) => name));
  return [
    ...released.flatMap(({ name, sha256 }) => {
      const found = digests.get(name);
      return found === sha256 ? [] : [found === undefined ? `${name} is gone` : `${name} was changed`];
    }),
    ...now.filter(({ name }) => name < last && !names.has(name)).map(({ name }) => `${name} came before ${last}`),
  ];
}

/** Versions that a changelog calls released, and of which no database is kept. */
export function findForgottenReleases(changelog: string, kept: readonly string[]): string[] {
  const versions = [...changelog.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map((match) => match[1]!);
  return versions.filter((version) => !kept.includes(version));
}
