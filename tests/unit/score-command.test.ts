import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';
import { alignWords } from '#scoring/wer/analyse.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { tieRules } from '#scoring/wer/ties.ts';
import { UnreadableFileError, UnwritableFileError, WrongInputError } from '../../bin/commands/problems.ts';
import { alignmentText, type Layout } from '../../bin/commands/report/alignment.ts';
import { createPage, type Row } from '../../bin/commands/report/page.ts';
import { shortened, widthOf } from '../../bin/commands/report/width.ts';
import { type ScoreOptions, score } from '../../bin/commands/score.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-score-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ref = file('ref.txt', 'u1 да нет\nu2 раз два\n');
const hyp = file('hyp.txt', 'u2 раз два три\nu1 да\n');
const better = file('better.txt', 'u1 да нет\nu2 раз два\n');

/** What the command writes to its output. */
async function outputOf(
  options: Partial<ScoreOptions>,
  { language = 'en' as Language, ...layout }: Partial<Layout> & { language?: Language } = {},
) {
  let text = '';
  const output = {
    columns: 80,
    colours: false,
    ...layout,
    write: async (part: string) => {
      text += part;
    },
  };
  const all: ScoreOptions = { ref, hyp, profile: 'raw', ties: 'canonical', test: 'mapsswe', ...options };
  await score(all, async () => translator(language), output);
  return text;
}

async function documentOf(options: Partial<ScoreOptions>) {
  return JSON.parse(await outputOf({ json: true, ...options }));
}

const measureKeys = [
  'hits',
  'substitutions',
  'deletions',
  'insertions',
  'reference',
  'errorRate',
  'interval',
  'intervalMethod',
];
const documentKeys = ['profile', 'scorerVersion', 'utterances', 'words', 'characters'];
const comparisonKeys = ['difference', 'interval', 'pValue', 'test'];

describe('the JSON of rostrum score', () => {
  test('has exactly the keys of the contract', async () => {
    const plain = await documentOf({});
    expect(Object.keys(plain)).toEqual(documentKeys);
    expect(Object.keys(plain.words)).toEqual(measureKeys);
    expect(plain.characters).toBeNull();
    const full = await documentOf({ characters: true, bootstrap: true, compare: [better] });
    expect(Object.keys(full)).toEqual([...documentKeys, 'comparison']);
    expect(Object.keys(full.characters)).toEqual(measureKeys);
    expect(Object.keys(full.comparison)).toEqual(comparisonKeys);
  });

  test('compares the first system minus each other: one object for one, an array for several', async () => {
    const one = await documentOf({ compare: [better] });
    expect(one.comparison).toMatchObject({ difference: 0.5, test: 'mapsswe' });
    const several = await documentOf({ compare: [better, hyp], test: 'sign' });
    expect(several.comparison).toEqual([
      expect.objectContaining({ difference: 0.5, test: 'sign' }),
      expect.objectContaining({ difference: 0, test: 'sign' }),
    ]);
  });

  test('has other measures of words where they are asked for', async () => {
    expect((await documentOf({ measures: true })).measures).toEqual({ ser: 1, mer: 0.4, wil: 0.4375, wip: 0.5625 });
  });

  test('tells whose interval it is, and draws the same one from the same seed', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `u${i} ${'да '.repeat(1 + (i % 7))}`);
    const files = {
      ref: file('many-ref.txt', lines.join('\n')),
      hyp: file('many-hyp.txt', lines.map((line, i) => (i % 3 ? line : `${line}нет`)).join('\n')),
    };
    const intervalOf = async (options: Partial<ScoreOptions>) => (await documentOf({ ...files, ...options })).words;
    const drawn = await intervalOf({ bootstrap: true, seed: 1 });
    expect(drawn.intervalMethod).toBe('bootstrap');
    expect(await intervalOf({ bootstrap: true, seed: 1 })).toEqual(drawn);
    expect((await intervalOf({ bootstrap: true, seed: 2 })).interval).not.toEqual(drawn.interval);
    expect((await intervalOf({})).intervalMethod).toBe('delta');
  });

  test('draws once for everything, and comes to what is drawn for each alone', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `u${i}`);
    const text = (said: (i: number) => string) => ids.map((id, i) => `${id} ${said(i)}\n`).join('');
    const files = {
      ref: file(
        'draws-ref.txt',
        text((i) => `раз ${'два '.repeat(i % 5)}`),
      ),
      hyp: file(
        'draws-hyp.txt',
        text((i) => (i % 4 ? 'раз' : 'рас два')),
      ),
    };
    const other = file(
      'draws-other.txt',
      text((i) => (i % 3 ? 'раз два' : 'два')),
    );
    const options = { ...files, bootstrap: true, characters: true } as const;
    const both = await documentOf({ ...options, compare: [other], test: 'bootstrap' });
    const alone = await documentOf(options);
    expect([both.words, both.characters]).toEqual([alone.words, alone.characters]);
    const plain = await documentOf({ ...files, compare: [other], test: 'bootstrap' });
    expect(both.comparison).toEqual(plain.comparison);
  });

  test('counts characters with and without the spaces between words', async () => {
    expect((await documentOf({ characters: true })).characters.reference).toBe(13);
    expect((await documentOf({ characters: 'without-spaces' })).characters.reference).toBe(11);
  });

  test('divides errors as another tool does', async () => {
    const files = { ref: file('ties-ref.txt', 'u а б а\n'), hyp: file('ties-hyp.txt', 'u б в г\n') };
    const { words } = await documentOf(files);
    expect(words).toMatchObject({ hits: 1, substitutions: 1, deletions: 1, insertions: 1 });
    expect((await documentOf({ ...files, ties: 'jiwer' })).words).toMatchObject({ substitutions: 3, insertions: 0 });
  });
});

test('spellings of a table count as others, and a broken table is told line by line', async () => {
  const files = { ref: file('spelt-ref.txt', 'u ok google\n'), hyp: file('spelt-hyp.txt', 'u окей гугл\n') };
  const mapping = file('mapping.csv', 'from,to\nокей гугл,ok google\n');
  expect((await documentOf({ ...files, mapping })).words.errorRate).toBe(0);
  expect((await documentOf(files)).words.errorRate).toBe(1);
  const refused = outputOf({ ...files, mapping: file('broken.csv', 'from,to\nокей\n') });
  await expect(refused).rejects.toMatchObject({ errors: [expect.any(WrongInputError)] });
});

test('units of a table widen the interval where errors come together, and each utterance needs one', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `u${i}`);
  const files = {
    ref: file('units-ref.txt', ids.map((id) => `${id} да да да\n`).join('')),
    hyp: file('units-hyp.txt', ids.map((id, i) => `${id} ${i % 20 < 10 ? 'да да да' : 'да нет нет'}\n`).join('')),
  };
  const table = (rows: string[]) => ['id,speaker', ...rows].join('\n');
  const rows = ids.map((id, i) => `${id},s${Math.floor(i / 10)}`);
  const widthOf = ({ words }: { words: { interval: [number, number] } }) => words.interval[1] - words.interval[0];
  const byUnit = await documentOf({ ...files, units: file('units.csv', table([...rows, 'other,s9'])) });
  expect(widthOf(byUnit)).toBeGreaterThan(2 * widthOf(await documentOf(files)));
  const alone = ids.map((id) => `${id},`);
  const byUtterance = await documentOf({ ...files, units: file('alone.csv', table(alone)) });
  expect(byUtterance).toEqual(await documentOf(files));
  const refused = outputOf({ ...files, units: file('few.csv', table(rows.slice(1))) });
  await expect(refused).rejects.toMatchObject({
    errors: [{ problems: [{ code: 'unit-missing', values: { id: 'u0' } }] }],
  });
});

describe('the summary', () => {
  test('shows all measures of one system', async () => {
    expect(await outputOf({})).toMatch(/^2 utterances, .*\nWER 50\.00% .*\nSER 100\.00% {3}MER 40\.00% {3}WIL 43\.75%/);
  });

  test('records what was drawn at random, and which rule divided the errors', async () => {
    expect(await outputOf({ bootstrap: true, seed: 7 })).toContain('\nDrawn at random: 10,000 resamples, seed 7.\n');
    expect(await outputOf({ compare: [better], test: 'bootstrap' })).toContain('seed 20260101');
    expect(await outputOf({ ties: 'kaldi' })).toContain('\nErrors are divided into kinds as kaldi does.\n');
    expect(await outputOf({})).not.toMatch(/seed|divided/);
  });

  test('puts several systems into one aligned table with a verdict in words', async () => {
    const words = 'раз два три четыре пять шесть семь восемь девять десять';
    const lines = Array.from({ length: 40 }, (_, i) => `u${i} ${words}`);
    const table = await outputOf({
      ref: file('table-ref.txt', lines.join('\n')),
      hyp: file(
        'first.txt',
        lines.map((line, i) => line.replace('пять', ['пять', 'опять', 'о шесть'][i % 3]!)).join('\n'),
      ),
      compare: [
        file(
          'more.txt',
          lines.map((line, i) => line.replace('семь два', 'а').replace('раз два', i % 5 ? '' : 'раз')).join('\n'),
        ),
        file('fewer.txt', lines.join('\n')),
        file(
          'alike.txt',
          lines.map((line, i) => line.replace('пять', ['пять', 'опять', 'о шесть'][i % 3]!)).join('\n'),
        ),
      ],
    });
    const [, systems, ranking] = table.split(/^first − this|^ *system|Ranking by WER/m);
    const rows = systems!.split('\n').filter((line) => line.includes('.txt'));
    expect(rows.map((row) => row.split(/ {3,}/).at(-1))).toEqual([
      expect.stringMatching(/^\d/),
      'worse',
      'better',
      'not distinguishable',
    ]);
    expect(new Set(rows.map((row) => row.indexOf('%'))).size).toBe(1);
    expect(table).toContain('Holm’s correction over 3 comparisons');
    const places = ranking!.split('\n').filter((line) => /%/.test(line) && line.includes('.txt'));
    expect(places.map((line) => line.split(/ {2,}/).filter((cell) => cell !== ''))).toEqual([
      ['1', 'fewer.txt', '0.00%'],
      ['2', '┌', 'first.txt', expect.anything(), 'fewer.txt', expect.stringMatching(/^\+/), '< 0.0001'],
      ['2', '└', 'alike.txt', expect.anything(), 'first.txt', '0.00', '1.0000'],
      ['4', 'more.txt', expect.anything(), 'first.txt', expect.stringMatching(/^\+/), expect.anything()],
    ]);
    expect(places[3]!.indexOf('more')).toBe(places[0]!.indexOf('fewer'));
  });
});

describe('what is wrong', () => {
  test('is told of every file at once', async () => {
    const wrong = [file('wrong1.txt', 'u1 да\n'), file('wrong2.txt', 'u1 да\nu2 да\nu3\n')];
    const refused = outputOf({ hyp: wrong[0]!, compare: [wrong[1]!, join(folder, 'nowhere'), better] });
    const { errors } = (await refused.catch((error) => error)) as AggregateError;
    expect(errors.map((error) => (error instanceof WrongInputError ? error.problems[0]?.code : error.name))).toEqual([
      'id-missing',
      'id-unknown',
      UnreadableFileError.name,
    ]);
  });

  test('is told of the references, and of files that cannot be read beside them', async () => {
    const refused = outputOf({ ref: file('broken-ref.txt', ''), compare: [join(folder, 'nowhere')] });
    const { errors } = (await refused.catch((error) => error)) as AggregateError;
    expect(errors.map((error) => error.name)).toEqual([WrongInputError.name, UnreadableFileError.name]);
  });

  test('is told of units together with the hypotheses', async () => {
    const refused = outputOf({ hyp: file('alone.txt', 'u1 да\n'), units: file('some.csv', 'id,unit\nu1,a\n') });
    const { errors } = (await refused.catch((error) => error)) as AggregateError;
    expect(errors.map((error) => error.problems[0].code)).toEqual(['id-missing', 'unit-missing']);
  });

  test('is a report that cannot be written', async () => {
    await expect(outputOf({ html: join(folder, 'nowhere/report.html') })).rejects.toThrow(UnwritableFileError);
  });
});

/** The alignment of two texts as it is printed. */
function shown(reference: string, hypothesis: string, layout: Partial<Layout> = {}, language: Language = 'en'): string {
  const words = normalise(hypothesis);
  const aligned = { name: 'hyp.txt', hypothesis: words, ...alignWords([normalise(reference)], words) };
  return alignmentText('u1', [aligned], { columns: 80, colours: false, ...layout }, translator(language));
}

describe('the alignment', () => {
  test('stands the hypothesis below the reference, with signs below both', () => {
    expect(shown('введите номер и оператора нажмите решётку', 'введите номер коператора нажмите на решётку')).toBe(
      [
        'u1   3 errors in 6 words: S 1, D 1, I 1',
        'reference   введите  номер  и  оператора   нажмите  **  решётку',
        'hypothesis  введите  номер  *  коператора  нажмите  на  решётку',
        'error                       D  S                    I',
        '',
        '',
      ].join('\n'),
    );
  });

  test('is told in Russian, too', () => {
    expect(shown('да', 'нет', {}, 'ru')).toBe(
      'u1   1 ошибка на 1 слово: S 1, D 0, I 0\nэталон    да\nгипотеза  нет\nошибка    S\n\n',
    );
  });

  test('has colours on a terminal only, and the same signs', () => {
    expect(shown('да', 'нет', { colours: true })).toContain('\x1b[31mда \x1b[39m');
    expect(shown('да', 'нет')).not.toContain('\x1b');
  });

  test('breaks lines between words where the terminal ends', () => {
    const text = shown('раз два три четыре пять', 'раз два три четыре шесть', { columns: 30 });
    expect(text.split('\n').filter((line) => line.startsWith('reference'))).toEqual([
      'reference   раз  два  три',
      'reference   четыре  пять',
    ]);
    expect(Math.max(...text.split('\n').slice(1).map(widthOf))).toBeLessThanOrEqual(30);
  });

  test.each([
    ['кот', 3],
    ['за\u0301мок', 5],
    ['日本', 4],
    ['한국', 4],
    ['👩‍👩‍👧', 2],
    ['🇷🇺', 2],
    ['❤️', 2],
    ['e\u0301\u0323', 1],
    ['ｗ', 2],
  ])('gives %s its cells', (text, cells) => {
    expect(widthOf(text)).toBe(cells);
  });

  test('keeps columns below each other when characters are wide', () => {
    const [, reference, hypothesis] = shown('日本 да', 'い да').split('\n');
    expect(reference).toBe('reference   日本  да');
    expect(hypothesis).toBe('hypothesis  い    да');
  });

  test('stands every system below one reference, with its own signs and counts', async () => {
    const files = {
      ref: file('rows-ref.txt', 'u1 раз два три\nu2 да\nu3 нет\n'),
      hyp: file('rows-a.txt', 'u1 раз тва три\nu2 да\nu3 нет\n'),
      compare: [file('rows-b.txt', 'u1 раз и и два\nu2 да\nu3 нет нет\n')],
    };
    const text = await outputOf({ ...files, alignment: true });
    expect(text.slice(text.indexOf('u1 '))).toBe(
      [
        'u1   3 words',
        'reference        раз  *  *  два  три',
        'rows-a.txt       раз        тва  три',
        '  S 1, D 0, I 0             S',
        'rows-b.txt       раз  и  и  два  ***',
        '  S 0, D 1, I 2       I  I       D',
        '',
        'u3   1 word',
        'reference        ***  нет',
        'rows-a.txt            нет',
        'rows-b.txt       нет  нет',
        '  S 0, D 0, I 1  I',
        '',
        '',
      ].join('\n'),
    );
  });

  test('has the words of every system after others were read beside it', async () => {
    const ids = Array.from({ length: 2_000 }, (_, i) => `u${i}`);
    const said = (name: string, text: string) => file(name, ids.map((id) => `${id} ${text}\n`).join(''));
    const files = {
      ref: said('many-ref.txt', 'раз два три четыре пять'),
      hyp: said('many-a.txt', 'раз два три четыре шесть'),
      compare: [said('many-b.txt', 'раз два три пять'), said('many-c.txt', 'ноль раз два три четыре пять')],
    };
    const { comparison } = await documentOf(files);
    expect(comparison.map(({ pValue }: { pValue: number }) => pValue)).toEqual([1, 1]);
    expect(await outputOf({ ...files, alignment: true })).toMatch(
      /^many-a\.txt +раз {2}два {2}три {2}четыре {2}шесть$/m,
    );
  });

  test('puts systems that were scored against different wordings below their own', async () => {
    const files = {
      ref: file('wordings-ref.txt', 'u1 { раз два / три четыре }\n'),
      hyp: file('wordings-a.txt', 'u1 раз тва\n'),
      compare: [file('wordings-b.txt', 'u1 три шесть\n')],
    };
    const text = await outputOf({ ...files, alignment: true });
    const references = text.split('\n').filter((line) => line.startsWith('reference'));
    expect(references.map((line) => line.split(/ +/).slice(1))).toEqual([
      ['раз', 'два'],
      ['три', 'четыре'],
    ]);
  });

  test.each(tieRules)('shows the errors that were counted under --ties %s', async (ties) => {
    const files = { ref: file('rule-ref.txt', 'u а б а\n'), hyp: file('rule-hyp.txt', 'u б в г\n') };
    const { words } = await documentOf({ ...files, ties });
    const { substitutions: s, deletions: d, insertions: i } = words;
    const text = await outputOf({ ...files, ties, alignment: true });
    expect(text).toContain(`in 3 words: S ${s}, D ${d}, I ${i}\n`);
    const signs = [...text.matchAll(/^error.*$/gm)].join('').slice('error'.length);
    for (const [sign, count] of Object.entries({ S: s, D: d, I: i })) {
      expect(signs.split(sign).length - 1).toBe(count);
    }
  });

  test('shortens the names of files where they would take the room of words', () => {
    expect(shortened('a.txt', 10)).toBe('a.txt');
    expect(shortened('a-very-long-name.txt', 10)).toBe('…-name.txt');
  });

  test('lets nothing in a word steer the terminal', () => {
    expect(shown('да', '\x1b[2J\u202eтен\u2066')).toContain('hypothesis  \ufffd[2J\ufffdтен\ufffd\n');
  });
});

describe('the report', () => {
  const hostile = [
    '</script><script>alert()</script>',
    '<img/src=x/onerror=alert()>',
    '"onmouseover="alert()',
    "'&amp;<!--",
    'http://example.org/x',
  ].join(' ');
  const files = {
    ref: file('hostile-ref.txt', `u1 да ${hostile}\nu<b>б нет\n`),
    hyp: file('hostile-hyp.txt', `u1 ${hostile} нет\nu<b>б <script>\n`),
  };

  async function report(options: Partial<ScoreOptions> = {}, language: Language = 'en'): Promise<string> {
    const html = join(folder, 'report.html');
    await outputOf({ ...files, html, ...options }, { language });
    return readFileSync(html, 'utf8');
  }

  test('lets no text of the user become markup', async () => {
    const page = await report({ compare: [files.hyp] });
    const outside = page.replace(/<script type="application\/json" id="data">.*?<\/script>/s, '');
    expect(outside.match(/<script/g)).toHaveLength(1);
    expect(outside).not.toMatch(/<img|<b>б|"onmouseover|<!--/);
    expect(outside).toContain('&lt;/script&gt;&lt;script&gt;alert()&lt;/script&gt;');
  });

  test('shows every system side by side, and ranks three of them', async () => {
    const options = {
      ref: file('sides-ref.txt', 'u1 да нет\nu2 раз два\n'),
      hyp: file('side-a.txt', 'u1 да\nu2 раз два\n'),
      compare: [file('side-b.txt', 'u1 да нет\nu2 раз три\n'), file('side-c.txt', 'u1 да нет\nu2 раз два\n')],
    };
    const page = await report(options);
    const list = page.split('<div id="list">')[1]!.split('<button')[0]!;
    const sides = [...list.matchAll(/<h4><bdi>(.*?)<\/bdi><\/h4><p class="counts">errors (\d)/g)].map(
      ([, name, errors]) => `${name} ${errors}`,
    );
    expect(sides.sort()).toEqual([
      'side-a.txt 0',
      'side-a.txt 1',
      'side-b.txt 0',
      'side-b.txt 1',
      'side-c.txt 0',
      'side-c.txt 0',
    ]);
    expect(page).toMatch(/<select id="view">.*side by side.*side-a\.txt.*side-b\.txt.*side-c\.txt<\/option>/);
    expect(page.match(/<div data-of="\d">/g)).toHaveLength(3);
    expect(page.split('<h2>Ranking by WER</h2>')[1]!.match(/side-[abc](?=\.txt<\/td><td class="num">\d)/g)).toEqual([
      'side-c',
      'side-a',
      'side-b',
    ]);
    const alone = await report({ ...options, compare: options.compare.slice(0, 1) });
    expect(alone).not.toContain('Ranking by WER');
  });

  test('shows the errors that were counted under the chosen ties', async () => {
    const rule = { ref: file('html-ref.txt', 'u а б а\n'), hyp: file('html-hyp.txt', 'u б в г\n') };
    const dataOf = async (ties: ScoreOptions['ties']) => {
      const page = await report({ ...rule, ties });
      return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!)[0][1][0];
    };
    expect((await dataOf('canonical')).slice(0, 4)).toEqual([3, 1, 1, 1]);
    expect((await dataOf('jiwer')).slice(0, 4)).toEqual([3, 3, 0, 0]);
  });

  test('carries all utterances as data that ends where it should', async () => {
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(await report())![1]!;
    const rows: Row[] = JSON.parse(data);
    expect(rows.map(([id, [side]]) => [id, ...side!.slice(0, 4)])).toEqual([
      ['u1', 6, 0, 1, 1],
      ['u<b>б', 1, 1, 0, 0],
    ]);
    expect(rows[1]![1][0]![4]).toEqual([['нет', '<script>']]);
  });

  test('allows its own style and script and nothing else', async () => {
    const page = await report();
    const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = /content="(default-src [^"]*)"/.exec(page)![1]!;
    const script = /<script>(.*)<\/script><\/body>/s.exec(page)![1]!;
    const style = /<style>(.*)<\/style>/s.exec(page)![1]!;
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/ style=| on\w+=|<link|@import|url\(/);
  });

  test('draws an utterance in the browser as it is drawn here', () => {
    const labels = { errors: '{errors} of {words}', shown: '', language: 'en', step: 1, names: ['hyp.txt'] };
    const row: Row = ['u<1>', [[3, 1, 1, 1, ['да', ['а', 'б'], ['<i>', 0], [0, '"']]]]];
    const there = runInNewContext(`(${createPage.toString()})(labels).rowMarkup(row)`, { Intl, labels, row });
    expect(there).toBe(createPage(labels).rowMarkup(row));
    expect(there).toContain('<i>D</i><bdi class="r">&lt;i&gt;</bdi><bdi class="h">·</bdi>');
  });

  test('holds the utterances with most errors as markup and the rest as data', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `u${i} да`);
    const hypotheses = lines.map((line, i) => `${line}${' нет'.repeat(1 + (i % 10))}`);
    const long = { ref: file('long-ref.txt', lines.join('\n')), hyp: file('long-hyp.txt', hypotheses.join('\n')) };
    const articles = (await report(long))
      .split('<div id="list">')[1]!
      .split('<script')[0]!
      .match(/<article>.*?<\/h3>/g)!;
    expect(articles).toHaveLength(200);
    expect(articles[0]).toContain('<bdi>u9</bdi>');
    expect(articles[199]).toContain('<bdi>u998</bdi>');
  });

  test('is in the language of its reader', async () => {
    expect(await report({}, 'ru')).toMatch(/<html lang="ru">(?:.|\n)*<h1>Ошибки в словах: hostile-hyp\.txt<\/h1>/);
    expect(await report()).toMatch(/<html lang="en">(?:.|\n)*<h1>Word errors: hostile-hyp\.txt<\/h1>/);
  });
});
