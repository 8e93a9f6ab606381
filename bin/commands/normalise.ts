import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import type { Problem } from '#lib/problems.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { createNormaliser, type Normaliser, type ProfileName, profiles, rulesOf } from '#scoring/wer/normalise.ts';
import { printError } from './explain.ts';
import { mappingIn } from './mapping-file.ts';
import { profileOption } from './options.ts';
import { WrongInputError } from './problems.ts';

const lineFeed = 0x0a;

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
      const lines = texts.length > 0 ? [texts.join(' ')] : linesOf(process.stdin);
      await (json ? printDocument(lines, normaliser) : printLines(lines, normaliser));
    });
}

type Lines = Iterable<string> | AsyncIterable<string>;

/** Lines as they come, so that one may type. Throws WrongInputError at the first that is not UTF-8. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = Buffer.alloc(0);
  let line = 0;
  const decoded = (bytes: Uint8Array) => {
    line += 1;
    try {
      return decoder.decode(bytes).replace(/\r$/, '');
    } catch {
      throw new WrongInputError('-', [{ ...invalidIn(bytes), line }]);
    }
  };
  for await (const chunk of input) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(lineFeed); end !== -1; end = rest.indexOf(lineFeed)) {
      yield decoded(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield decoded(rest);
}

/** The first byte of a line that is not UTF-8. */
function invalidIn(bytes: Uint8Array): Pick<Problem, 'column' | 'code' | 'values'> {
  let valid = '';
  let end = 0;
  for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const encoded = Buffer.from(character);
    if (encoded.compare(bytes, end, end + encoded.length) !== 0) break;
    valid += character;
    end += encoded.length;
  }
  const byte = bytes[end]!.toString(16).toUpperCase().padStart(2, '0');
  return { column: [...valid].length + 1, code: 'invalid-utf8', values: { byte } };
}

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
