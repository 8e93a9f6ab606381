import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { normalise, type ProfileName } from '#scoring/wer/normalise.ts';
import { profileOption } from './options.ts';

/** `rostrum normalise`: what the scorer sees, words parted by one space; a line out for every line in. */
export function normaliseCommand(t: Translate): Command {
  return new Command('normalise')
    .argument('[text...]', t('cli.normalise-text'))
    .addOption(profileOption(t))
    .action(async (texts: string[], { profile }: { profile: ProfileName }) => {
      for await (const line of texts.length > 0 ? [texts.join(' ')] : createInterface({ input: process.stdin })) {
        process.stdout.write(`${normalise(line, profile).join(' ')}\n`);
      }
    });
}
