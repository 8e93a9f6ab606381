import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { createNormaliser, type Normaliser, type ProfileName, profiles, rulesOf } from '#scoring/wer/normalise.ts';
import { printError } from './explain.ts';
import { mappingIn } from './mapping-file.ts';
import { profileOption } from './options.ts';

type Options = { profile: ProfileName; mapping?: string; json?: true; explain?: true };

/** `rostrum normalise`: what the scorer sees, words parted by one space; a line out for every line in. */
export function normaliseCommand(t: Translate): Command {
  return new Command('normalise')
    .argument('[text...]', t('cli.normalise-text'))
    .addOption(profileOption(t))
    .option('--mapping <file>', t('cli.normalise-mapping', { file: t('cli.argument-file') }))
    .option('--explain', t('cli.normalise-explain'))
    .option('--json', t('cli.option-json'))
    .action(async (texts: string[], { profile, mapping, json, explain }: Options) => {
      const normaliser = createNormaliser(profile, mapping === undefined ? null : await mappingIn(mapping));
      if (explain) for (const line of explained(normaliser, t)) printError(line);
      const lines = texts.length > 0 ? [texts.join(' ')] : createInterface({ input: process.stdin });
      await (json ? printDocument(lines, normaliser) : printLines(lines, normaliser));
    });
}

type Lines = Iterable<string> | AsyncIterable<string>;

async function printLines(lines: Lines, normaliser: Normaliser): Promise<void> {
  for await (const line of lines) process.stdout.write(`${normaliser.words(line).join(' ')}\n`);
}

async function printDocument(lines: Lines, normaliser: Normaliser): Promise<void> {
  const { profile, mapping } = normaliser;
  const read: { text: string; words: readonly string[] }[] = [];
  for await (const text of lines) read.push({ text, words: normaliser.words(text) });
  const { version } = profiles[profile];
  const rules = { profile, version, hash: profileHash(profile, mapping), rules: rulesOf(profile) };
  process.stdout.write(`${JSON.stringify({ ...rules, mapping: mapping?.length ?? 0, lines: read })}\n`);
}

function explained({ profile, mapping }: Normaliser, t: Translate): string[] {
  const { version } = profiles[profile];
  const sentences = rulesOf(profile).map((rule) => t(`scoring.rule-${rule}`));
  if (mapping !== null) sentences.push(t('scoring.rule-mapping', { rules: mapping.length }));
  const head = t('cli.normalise-head', { profile, version: String(version), hash: profileHash(profile, mapping) });
  return [head, ...sentences.map((sentence, i) => `${i + 1}. ${sentence}`)];
}
