import fc from 'fast-check';
import type { Format } from '#lib/predictions/records.ts';

/*
 * Sound files of every format, and what goes wrong with files: edits that know what lines, fields, quotes, ids and
 * encodings are. All of it is plain data to fast-check, so that a file that breaks something shrinks to a few edits.
 */

export const fuzzedIds = ['u-1', 'a/2', 'дом', '__proto__', '17', 'b/2'] as const;
const texts = ['да нет', '', 'он сказал "да", и; (ушёл)', 'первoе 1 \u{1f600} и\u0306', 'раз\\два {три}', 'ещё'];
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const lines = (write: (id: string, text: string) => string) => fuzzedIds.map((id, i) => write(id, texts[i]!));

export const soundFiles: Record<Format, readonly string[]> = {
  csv: [
    `\ufeffid;"text"\r\n${lines((id, text) => `${id};${quoted(text)}`).join('\r\n')}`,
    `speaker,text,id\n${lines((id, text) => `м,${quoted(`${text}\nи дальше`)},"${id}"`).join('\n')}\n`,
  ],
  tsv: [`id\ttext\n${lines((id, text) => `${id}\t${quoted(text)}`).join('\n')}\n`],
  jsonl: [
    lines((id, text) => JSON.stringify({ audio_filepath: `/x/${id}.wav`, n: [1, {}], pred_text: text })).join('\n'),
    lines((id, text) => JSON.stringify({ id, duration: 1.5, text }).replace(/[а-я]/g, escaped)).join('\r\n'),
  ],
  kaldi: [lines((id, text) => `${id} ${text}\n`).join(''), `  ${lines((id, text) => `${id}\t${text}`).join('\r\n\n')}`],
  trn: [`;; сделано\n${lines((id, text) => `${text} (${id})\n`).join('')}`],
};

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Bytes and pieces that mean something to a reader of some format. */
const pieces = [
  ...['"', '""', ',', ';', '\t', '\n', '\r\n', '\r', '{', '}', '[', ']', '\\', '(', ')', ';;', ' ', ':'],
  ...['\0', '\u001b[2J', '\ufeff', '\u0308', '\u200b', '\u2028', '\u0085', '\u202e', '\u{1f600}', 'nan'],
  ...['\\u', '\\ud83d', '\\udc00\\ud800', '\\u0000', '\\"', '"id":', '"id":17,', 'null', 'true', '-'],
  ...['1e999', '9'.repeat(400), '-0', '0.', '1e', '0x1F', 'NaN', 'Infinity'],
  ...['id,text\n', 'id;text\r\n', 'id\ttext\n', 'id', 'text', 'pred_text', 'audio_filepath', 'seconds'],
  ...[...fuzzedIds, 'u-9', '/x/u-1.wav', '/x/2.wav', 'C:\\x\\дом.wav', '../a/2', 'до\u0306м', 'x'.repeat(300)],
  ...['['.repeat(100), '{"a":'.repeat(100), ','.repeat(1200), '"'.repeat(99), '/'.repeat(50)],
];

export type Edit =
  | { kind: 'bytes'; at: number; removed: number; inserted: readonly number[] }
  | { kind: 'piece'; at: number; removed: number; piece: string }
  | { kind: 'field'; at: number; piece: string }
  | { kind: 'lines'; at: number; to: number; change: 'drop' | 'double' | 'swap' | 'join' }
  | { kind: 'ends'; end: '\n' | '\r\n' | '\r' | '\n\n' }
  | { kind: 'cut'; at: number; keeps: 'start' | 'end' }
  | { kind: 'again'; times: number }
  | { kind: 'quote'; at: number }
  | { kind: 'nest'; at: number; depth: number };

/** How the text becomes bytes in the end. */
export type Encoding = 'utf-8' | 'utf-8 with a mark' | 'utf-16le' | 'utf-16be with a mark' | 'windows-1251';

export type Mutant = { file: string; edits: readonly Edit[]; encoding: Encoding };

/** A place as a part of the file's length. (Doubles of fast-check crowd at both ends.) */
export const anywhere = fc.noBias(fc.nat(9999)).map((part) => part / 10_000);
const piece = fc.constantFrom(...pieces);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('piece'), at: anywhere, removed: fc.nat(6), piece }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('field'), at: anywhere, piece }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bytes'),
      at: anywhere,
      removed: fc.nat(3),
      inserted: fc.array(fc.nat(255), { maxLength: 4 }),
    }),
  },
  fc.record({
    kind: fc.constant('lines'),
    at: anywhere,
    to: anywhere,
    change: fc.constantFrom('drop' as const, 'double' as const, 'swap' as const, 'join' as const),
  }),
  fc.record({ kind: fc.constant('ends'), end: fc.constantFrom('\n' as const, '\r\n', '\r', '\n\n') }),
  fc.record({ kind: fc.constant('cut'), at: anywhere, keeps: fc.constantFrom('start' as const, 'end') }),
  fc.record({ kind: fc.constant('again'), times: fc.integer({ min: 2, max: 20 }) }),
  fc.record({ kind: fc.constant('quote'), at: anywhere }),
  fc.record({ kind: fc.constant('nest'), at: anywhere, depth: fc.integer({ min: 1, max: 200 }) }),
);
const encoding = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Encoding>('utf-8') },
  fc.constantFrom<Encoding[]>('utf-8 with a mark', 'utf-16le', 'utf-16be with a mark', 'windows-1251'),
);

/** Most have one or two edits, so that they get past the first thing that is wrong. */
export function mutantsOf(format: Format): fc.Arbitrary<Mutant> {
  const edits = fc.oneof(
    { weight: 3, arbitrary: fc.array(edit, { minLength: 1, maxLength: 2 }) },
    fc.array(edit, { maxLength: 6 }),
  );
  return fc.record({ file: fc.constantFrom(...soundFiles[format]), edits, encoding });
}

/** Text is held as one character per byte while it is edited, so that edits may tear characters apart. */
export function bytesOf({ file, edits, encoding }: Mutant): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(edits.reduce(edited, latin1(file)), 'latin1');
  const text = Buffer.from(edits.reduce(edited, latin1(file)), 'latin1').toString('utf8');
  if (encoding === 'utf-8 with a mark') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'windows-1251') return Uint8Array.from(text, (character) => byteIn1251(character.codePointAt(0)!));
  const units = Buffer.from(encoding === 'utf-16le' ? text : `\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16le' ? units : units.swap16();
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function byteIn1251(codePoint: number): number {
  if (codePoint < 0x80) return codePoint;
  return codePoint >= 0x410 && codePoint <= 0x44f ? codePoint - 0x350 : 0x3f;
}

const mostBytes = 3000;

function edited(text: string, edit: Edit): string {
  const place = 'at' in edit ? Math.floor(edit.at * text.length) : 0;
  switch (edit.kind) {
    case 'bytes':
      return spliced(text, place, place + edit.removed, String.fromCharCode(...edit.inserted));
    case 'piece':
      return spliced(text, place, place + edit.removed, latin1(edit.piece));
    case 'field': {
      const [from, to] = fieldAround(text, place);
      return spliced(text, from, to, latin1(edit.piece));
    }
    case 'lines':
      return withLines(text, edit);
    case 'ends':
      return text.replace(/\r?\n/g, edit.end);
    case 'cut':
      return edit.keeps === 'start' ? text.slice(0, place) : text.slice(place);
    case 'again':
      return text.repeat(Math.max(1, Math.min(edit.times, Math.floor(mostBytes / (text.length + 1)))));
    case 'quote': {
      const [from, to] = fieldAround(text, place);
      return spliced(text, from, to, `"${text.slice(from, to)}"`);
    }
    case 'nest': {
      const [from, to] = fieldAround(text, place);
      return spliced(text, from, to, '['.repeat(edit.depth) + text.slice(from, to) + ']'.repeat(edit.depth));
    }
  }
}

function spliced(text: string, from: number, to: number, inserted: string): string {
  return text.slice(0, from) + inserted + text.slice(to);
}

/** What stands between delimiters of any format around a place. */
function fieldAround(text: string, place: number): [from: number, to: number] {
  const isDelimiter = (i: number) => ',;\t\n\r:{}() '.includes(text[i] ?? '\n');
  let from = place;
  while (from > 0 && !isDelimiter(from - 1)) from -= 1;
  let to = place;
  while (to < text.length && !isDelimiter(to)) to += 1;
  return [from, to];
}

function withLines(text: string, { at, to, change }: Extract<Edit, { kind: 'lines' }>): string {
  const all = text.split('\n');
  const [first, second] = [at, to].map((part) => Math.min(all.length - 1, Math.floor(part * all.length))) as [
    number,
    number,
  ];
  const line = all[first]!;
  if (change === 'drop') all.splice(first, 1);
  else if (change === 'double') all.splice(second, 0, line);
  else if (change === 'swap') [all[first], all[second]] = [all[second]!, line];
  else all.splice(first, 2, all.slice(first, first + 2).join(''));
  return all.join('\n');
}
