import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { evaluateCommand } from './baseline/evaluate.ts';
import { trainCommand } from './baseline/train.ts';
import { transcribeCommand } from './baseline/transcribe.ts';

/** `rostrum baseline …`: how a baseline model is made, what it writes, and how well. */
export function baselineCommand(t: Translate): Command {
  return new Command('baseline')
    .addCommand(trainCommand(t))
    .addCommand(transcribeCommand(t))
    .addCommand(evaluateCommand(t));
}
