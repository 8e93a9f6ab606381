import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { evaluateCommand } from './baseline/evaluate.ts';
import { transcribeCommand } from './baseline/transcribe.ts';

/** `rostrum baseline …`: what a baseline model writes, and how well. */
export function baselineCommand(t: Translate): Command {
  return new Command('baseline').addCommand(transcribeCommand(t)).addCommand(evaluateCommand(t));
}
