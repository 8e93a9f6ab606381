import { uploadLimits } from '#lib/predictions/limits.ts';
import { type Format, formats } from '#lib/predictions/records.ts';
import { prepareReferences, scoreFilePlainly } from '#scoring/corpus.ts';
import { bringModule } from '#scoring/kernel/load-browser.ts';
import { type Resident, residentFromRecords } from '#scoring/kernel/resident.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import { createNormaliser } from '#scoring/wer/normalise.ts';

/* Runs in a browser, where kernel.spec.ts brings it. */

const filesPerFormat = 12;
const utterances = 50;
const words = ['кот', 'код', 'Ёлка', 'елка', 'йод', 'it’s', '1,5', '№7', '—', '«да»', 'x'];

type Row = { id: string; text: string };

const written: Record<Format, (row: Row) => string> = {
  csv: ({ id, text }) => `${id},"${text}"`,
  tsv: ({ id, text }) => `${id}\t${text}`,
  jsonl: (row) => JSON.stringify(row),
  kaldi: ({ id, text }) => `${id} ${text}`,
  trn: ({ id, text }) => `${text} (${id})`,
};
const heads: Partial<Record<Format, string>> = { csv: 'id,text\n', tsv: 'id\ttext\n' };

/** Files of every format, the shuffled lines of which the kernel itself has to count; names those that come out different. */
function compareInBrowser(kernel: string) {
  const bytes = Uint8Array.from(atob(kernel), (character) => character.charCodeAt(0));
  if (!bringModule('kernel', bytes)) throw new Error('this browser runs no WebAssembly with SIMD');
  const different: string[] = [];
  for (const format of formats) {
    for (let seed = 0; seed < filesPerFormat; seed += 1) {
      if (!isSame(format, seed)) different.push(`${format} ${seed}`);
    }
  }
  return { formats, files: formats.length * filesPerFormat, different };
}

function isSame(format: Format, seed: number): boolean {
  const random = createRandom(seed);
  const text = () =>
    Array.from({ length: drawBelow(random, 9) }, () => words[drawBelow(random, words.length)]).join(' ');
  const rows = Array.from({ length: utterances }, (_, i) => ({ id: `u${(i * 7) % utterances}`, text: text() }));
  const file = (heads[format] ?? '') + rows.map((row) => `${written[format](row)}\n`).join('');
  const records = rows.map((_, i) => ({ id: `u${i}`, references: [text()] as const }));
  const normaliser = createNormaliser(seed % 2 === 0 ? 'raw' : 'ru');
  const ids = records.map(({ id }) => id);
  const texts = records.map(({ references }) => references[0]);
  const resident = residentFromRecords(ids, texts, [], normaliser);
  const options = { characters: 'with-spaces', format, limits: uploadLimits } as const;
  const plain = scoreFilePlainly(prepareReferences(records, normaliser), new TextEncoder().encode(file), options);
  return plain.ok && JSON.stringify(plainOf(plain)) === JSON.stringify(countedBy(resident, file, options));
}

function plainOf({ words: counts, characters, hypothesisOf, warnings }: Counts) {
  return { counts, characters, warnings, hypotheses: Array.from({ length: utterances }, (_, i) => hypothesisOf(i)) };
}

type Counts = Pick<NonNullable<ReturnType<Resident['count']>>, 'words' | 'characters' | 'hypothesisOf'> & {
  warnings: readonly unknown[];
};

/** Null where the kernel left anything to TypeScript. */
function countedBy(resident: Resident | null, file: string, options: Parameters<Resident['count']>[1]) {
  const counted = resident?.count(new TextEncoder().encode(file), options);
  return counted && counted.left.length === 0 ? plainOf(counted) : null;
}

Object.assign(globalThis, { compareInBrowser });
