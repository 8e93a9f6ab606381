import { join } from 'node:path';
import type { CompetitionSummary } from '#lib/api/answers.ts';
import type { ClientEnvironment } from './environment.mjs';
import { readKept, writeKept } from './kept.ts';

type Names = Readonly<Record<string, readonly string[]>>;

/** Competitions that were seen at a server, for completion, which asks nobody. */
export function namesAt(environment: ClientEnvironment, address: string): readonly string[] {
  return readKept<Names>(pathIn(environment))?.[address] ?? [];
}

/** What is not remembered is typed: no reason to fail. */
export function rememberNames(
  environment: ClientEnvironment,
  address: string,
  competitions: readonly CompetitionSummary[],
): void {
  const path = pathIn(environment);
  const names = readKept<Names>(path) ?? {};
  try {
    writeKept(path, { ...names, [address]: competitions.map(({ slug }) => slug) });
  } catch {}
}

function pathIn({ cacheFolder }: ClientEnvironment): string {
  return join(cacheFolder, 'names.json');
}
