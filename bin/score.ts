import type { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { standardOutput } from './commands/report/output.ts';
import { scoreCommand } from './commands/score.ts';
import { runOneOf, type Words } from './run.ts';

/** `rostrum score` and no other command. */
export function run(args: string[]): Promise<number> {
  return runOneOf({ score: loadScore }, args);
}

export async function loadScore(t: Translate, words: Words): Promise<Command> {
  return scoreCommand(t, words, standardOutput());
}
