import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { scanJsonLine } from '#lib/predictions/json-line.ts';
import { type Format, formats } from '#lib/predictions/records.ts';
import { isLegalId, parseExpected, parseReferences } from '#lib/predictions/references.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { type ParsedPredictions, parsePredictions } from '#lib/predictions.ts';
import { type Problem, sentenceOf } from '#lib/problems.ts';
import { countsAt } from '#scoring/columns.ts';
import { prepareReferences, readReferences, type ScoredFile, scoreFile } from '#scoring/corpus.ts';
import { createNormaliser } from '#scoring/wer/normalise.ts';
import { scoreWords } from '#scoring/wer/score.ts';
import { anywhere, bytesOf, fuzzedIds, type Mutant, mutantsOf, soundFiles } from '../mutants.ts';

/*
 * Ten thousand broken files: 1800 of each format and 1000 archives.
 */

const expected = fuzzedIds.map((id) => ({ id, seconds: 2 }));
const normaliser = createNormaliser('ru');
const said = normaliser.words('да нет и ушёл');
const references = prepareReferences(
  fuzzedIds.map((id) => ({ id, references: ['да нет и ушёл'] as const })),
  normaliser,
);
const translate = translator('ru');

// Hundreds of files each, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

/** `expect` is too slow to be asked a million times. */
function must(holds: boolean, what: string, ...shown: unknown[]): void {
  if (!holds) throw new Error(`${what}: ${shown.map((one) => JSON.stringify(one)).join(' ')}`);
}

/** Of the processor's time, which a busy machine does not stretch; a hundred times what a file of that size takes. */
function withinTime<T>(bytes: Uint8Array, work: () => T): T {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  must(user + system < 500_000 + 20 * bytes.length, 'took too long for its size', user, system, bytes.length);
  return result;
}

/** The lines of a file as somebody sees them who opens it in its own encoding. */
function linesOf(bytes: Uint8Array, problems: readonly Problem[]): string[] {
  const codes = problems.map(({ code }) => code);
  let encoding = 'utf-8';
  if (codes.includes('encoding-windows-1251')) encoding = 'windows-1251';
  if (codes.includes('encoding-utf-16')) {
    const isBigEndian = bytes[0] === 0xfe || (bytes[0] !== 0xff && bytes.indexOf(0) % 2 === 0);
    encoding = isBigEndian ? 'utf-16be' : 'utf-16le';
  }
  return new TextDecoder(encoding).decode(bytes).split('\n');
}

const ofTheFile =
  /^(empty-file|zip-archive|gzip-twice|packed-otherwise|not-text|web-page|file-too-large|encoding-utf-16|encoding-windows-1251|id-missing|problems-too-many)$/;
/** What has to stand where a problem is said to be, as far as its code tells. */
const standing: Record<string, RegExp> = {
  'invalid-utf8': /^\ufffd/,
  'control-character': /^["\p{Cc}]/u, // a quote before what is spelled by an escape
  'lone-carriage-return': /^\r/,
  'lone-surrogate': /^"/,
  'quote-unclosed': /^"/,
  'json-array': /^\[/,
  'json-not-object': /^[^{]/,
  'json-field-type': /^[^"]/,
  'path-ambiguous': /^\S/,
  'hypothesis-too-long': /\S/,
};
const spoken = new Set<string>();

/** A place that exists in the file, or none for what is wrong with the file as a whole; and a sentence. */
function checkProblems(bytes: Uint8Array, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = linesOf(bytes, problems);
  let splitLine = 0;
  let characters: string[] = [];
  for (const problem of problems) {
    const { line, column, code, values } = problem;
    if (ofTheFile.test(code)) must(line === 0 && column === 0, 'a place for the whole file', problem);
    else {
      must(line >= 1 && line <= lines.length, 'no such line', problem, lines.length);
      if (line !== splitLine) [splitLine, characters] = [line, [...lines[line - 1]!]];
      must(column >= 1 && column <= characters.length + 1, 'no such column', problem, characters.length);
      const rest = standing[code] ? characters.slice(column - 1).join('') : '';
      must(standing[code]?.test(rest) ?? true, 'not what stands there', problem, rest);
    }
    const kind = `${code} ${Object.keys(values)}`;
    if (!spoken.has(kind)) must(sentenceOf(problem, translate) !== code, 'no sentence', problem);
    spoken.add(kind);
  }
}

type Refusal = { ok: boolean; total?: number; problems?: readonly Problem[]; counts?: object };

function checkRefusal(bytes: Uint8Array, { ok, total = 0, problems = [], counts = {} }: Refusal): void {
  const counted: number[] = Object.values(counts);
  must(ok === (total === 0), 'refused without a problem, or taken with one', total);
  must(total === counted.reduce((sum, count) => sum + count, 0), 'counts that do not add up', counts, total);
  checkProblems(bytes, problems);
}

/** Halves of surrogate pairs, and control characters but tab, line ends and U+0085, which is white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\ud800-\udfff\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|\r(?!\n)/u;

function asData(parsed: ParsedPredictions): unknown {
  return parsed.ok ? { ...parsed, hypotheses: [...parsed.hypotheses] } : parsed;
}

function checkPredictions(bytes: Uint8Array, format: Format | undefined): void {
  const parsed = withinTime(bytes, () => parsePredictions(bytes, { expected, format }));
  // One in four is enough to see a state that outlives a file: all files of a format share what could keep one.
  if (bytes.length % 4 === 0) {
    const again = parsePredictions(bytes, { expected, format });
    must(JSON.stringify(asData(again)) === JSON.stringify(asData(parsed)), 'another answer for the same bytes');
  }
  checkRefusal(bytes, parsed);
  checkProblems(bytes, parsed.warnings);
  if (parsed.ok) {
    must([...parsed.hypotheses.keys()].join('\n') === fuzzedIds.join('\n'), 'other ids than were asked for');
    for (const text of parsed.hypotheses.values()) {
      must(!control.test(text), 'a text that no file may hold', text);
    }
    const written = [...parsed.hypotheses].map(([id, text]) => JSON.stringify({ id, text })).join('\n');
    const reread = parsePredictions(Buffer.from(written), { expected });
    must(
      reread.ok && [...reread.hypotheses.values()].join('\0') === [...parsed.hypotheses.values()].join('\0'),
      'lost',
    );
  }
  checkScores(bytes, scoreFile(references, bytes, { characters: 'with-spaces', format }), parsed);
}

/** The scorer takes what an upload takes, but for lengths that follow from the audio, which it does not know. */
function checkScores(bytes: Uint8Array, scored: ScoredFile, parsed: ParsedPredictions): void {
  checkRefusal(bytes, scored);
  const isRefused = !parsed.ok && Object.keys(parsed.counts).some((code) => code !== 'hypothesis-too-long');
  must(scored.ok === !isRefused, 'the scorer takes other files than uploads are', parsed);
  if (!scored.ok || !parsed.ok) return;
  [...parsed.hypotheses.values()].forEach((text, i) => {
    must(scored.hypothesisOf(i) === text, 'another text', scored.hypothesisOf(i), text);
    const counts = scoreWords([said], normaliser.words(text));
    must(JSON.stringify(countsAt(scored.words, i)) === JSON.stringify(counts), 'other counts', text, counts);
  });
}

function checkReferences(bytes: Uint8Array, format: Format | undefined): void {
  const parsed = withinTime(bytes, () => parseReferences(bytes, { format }));
  checkRefusal(bytes, parsed);
  if (!parsed.ok) return;
  for (const [id, wordings] of parsed.references) {
    must(isLegalId(id) && id === id.normalize('NFC') && wordings.length > 0, 'a reference nobody could name', id);
  }
}

/** Preparing references takes a millisecond, ten times what the rest does. */
function checkReadReferences(bytes: Uint8Array, format: Format | undefined): void {
  const parsed = parseReferences(bytes, { format });
  const read = readReferences(bytes, normaliser, { format });
  must(read.ok === parsed.ok, 'the scorer reads other references than are checked', parsed);
  if (!parsed.ok || !read.ok) return;
  const all = Array.from({ length: read.references.length }, (_, i) => i);
  const [ids, texts] = [all.map(read.references.idOf), all.map(read.references.textsOf)];
  must(JSON.stringify(ids) === JSON.stringify([...parsed.references.keys()]), 'other ids', ids);
  must(JSON.stringify(texts) === JSON.stringify([...parsed.references.values()]), 'other texts', texts);
}

function checkExpected(bytes: Uint8Array, format: Format | undefined): void {
  const parsed = withinTime(bytes, () => parseExpected(bytes, { format }));
  checkRefusal(bytes, parsed);
  if (!parsed.ok) return;
  must(new Set(parsed.expected.map(({ id }) => id)).size === parsed.expected.length, 'an id twice', parsed.expected);
  for (const { id, seconds } of parsed.expected) {
    must(isLegalId(id) && (seconds === null || (seconds >= 0 && seconds < Infinity)), 'not an utterance', id, seconds);
  }
}

const properties = { seed: 20260301, numRuns: 600 };

describe.each(formats)('a %s file', (format) => {
  test('is read when it is whole', () => {
    for (const file of soundFiles[format]) {
      const parsed = parsePredictions(Buffer.from(file), { expected });
      expect(parsed.ok ? parsed.format : parsed.problems).toBe(format);
    }
  });

  const forced = fc.option(fc.constantFrom(...formats), { nil: undefined, freq: 2 });

  test('however it is broken is taken whole or refused with places, in little time and always alike', () => {
    const check = (mutant: Mutant, format: Format | undefined) => {
      const bytes = bytesOf(mutant);
      checkPredictions(bytes, format);
      checkReferences(bytes, format);
      checkExpected(bytes, format);
    };
    fc.assert(fc.property(mutantsOf(format), forced, check), { ...properties, numRuns: 1800 });
  });

  test('however it is broken gives the scorer the references that are checked', () => {
    const check = (mutant: Mutant, format: Format | undefined) => checkReadReferences(bytesOf(mutant), format);
    fc.assert(fc.property(mutantsOf(format), forced, check), { ...properties, numRuns: 100 });
  });
});

test('an archive however it is broken is unpacked whole or refused', async () => {
  const torn = fc.record({
    mutant: fc.oneof(...formats.map(mutantsOf)),
    at: anywhere,
    removed: fc.nat(3),
    inserted: fc.uint8Array({ maxLength: 3 }),
  });
  const check = async ({ mutant, at, removed, inserted }: typeof torn extends fc.Arbitrary<infer T> ? T : never) => {
    const whole = bytesOf(mutant);
    const packed = gzipSync(whole, { level: 1 });
    const place = Math.floor(at * packed.length);
    const sent = Buffer.concat([packed.subarray(0, place), inserted, packed.subarray(place + removed)]);
    const unpacked = await unpack(sent);
    if (!unpacked.ok) must(unpacked.problem.code === 'gzip-damaged', 'another problem', unpacked.problem);
    // What was torn in the header's name, time or system still unpacks to the file.
    else if (sent[0] === 0x1f && sent[1] === 0x8b) must(Buffer.compare(unpacked.bytes, whole) === 0, 'another file');
    else must(unpacked.bytes === sent, 'changed what is no archive');
  };
  await fc.assert(fc.asyncProperty(torn, check), { ...properties, numRuns: 1000 });
});

describe('bytes made to be slow:', () => {
  const secondsFor = (text: string) => {
    const bytes = Buffer.from(text);
    const started = process.cpuUsage();
    expect(parsePredictions(bytes, { expected }).ok).toBe(false);
    return process.cpuUsage(started).user / 1_000_000;
  };

  test('sixteen mebibytes of delimiters are not parted into names', () => {
    expect(secondsFor(','.repeat(2 ** 24))).toBeLessThan(1.5);
  });

  test('a path far longer than any id is not composed for every folder of it', () => {
    const line = JSON.stringify({ audio_filepath: `/${'и\u0306'.repeat(14)}`.repeat(16_000), text: '' });
    expect(secondsFor(`${line}\n`.repeat(8))).toBeLessThan(1.5);
  });
});

/** Pieces that mean something to the scanner. */
const scrap = fc.constantFrom('"', '\\', '\\u', '{', '}', '[', ',', ':', '\t', '\r', '\0', '1', '-', 'é', ' ');
const scraps = fc.array(fc.record({ at: fc.nat(60), removed: fc.nat(4), inserted: scrap }), { maxLength: 3 });

describe('the scanner of JSON lines', () => {
  const isObject = (text: string) => {
    try {
      const value = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    } catch {
      return false;
    }
  };

  test('takes every object and its strings as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
        (object) => {
          const text = JSON.stringify(object);
          const line = scanJsonLine(text, 0, text.length);
          must(line.status === 'object', 'no object', text, line);
          if (line.status !== 'object') return;
          const keys = line.members.map(({ key }) => key);
          must(JSON.stringify(keys) === JSON.stringify(Object.keys(object)), 'other keys', text, keys);
          for (const { key, from, to } of line.members) {
            must(text.slice(from, to) === JSON.stringify(object[key]), 'another value', text, key, from, to);
          }
        },
      ),
      { ...properties, numRuns: 200 },
    );
  });

  test('refuses whatever JSON.parse refuses', () => {
    const source = fc.constantFrom('{"a":"\\u0041\\n","b":[1.5e-3,{},[]],"c":true}', '{}', '{"a":-0}');
    const text = fc.tuple(scraps, source).map(([edits, whole]) =>
      edits.reduce<string>((line, { at, removed, inserted }) => {
        const place = at % (line.length + 1);
        return line.slice(0, place) + inserted + line.slice(place + removed);
      }, whole),
    );
    fc.assert(
      fc.property(text, (line) => {
        // A line has no line end in it, and JSON.parse takes blanks before the brace.
        fc.pre(!line.includes('\n') && line.startsWith('{'));
        expect(scanJsonLine(line, 0, line.length).status === 'object').toBe(isObject(line));
      }),
      properties,
    );
  });
});
