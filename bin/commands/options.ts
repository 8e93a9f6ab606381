import { InvalidArgumentError, Option } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { formats } from '#lib/predictions/records.ts';
import { profileNames } from '#scoring/wer/normalise.ts';

export function profileOption(t: Translate): Option {
  const description = `${t('cli.option-profile')}: ${profileNames.join(', ')}`;
  return new Option('--profile <name>', description).choices(profileNames).default('raw');
}

/** Forces the format of a file that is named so in the help. */
export function formatOption(flags: string, file: string, t: Translate): Option {
  return new Option(flags, `${t('cli.option-format', { file })}: ${formats.join(', ')}`).choices(formats);
}

const mostSeed = 2 ** 32 - 1;

export function seedOption(t: Translate): Option {
  return new Option('--seed <number>', t('cli.score-seed')).argParser((text) => {
    const seed = Number(text);
    if (/^\d+$/.test(text) && seed <= mostSeed) return seed;
    throw new InvalidArgumentError(`Allowed choices are 0–${mostSeed}.`);
  });
}
