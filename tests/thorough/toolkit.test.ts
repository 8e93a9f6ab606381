import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expandAlternatives } from '#lib/predictions/alternatives.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { charactersOf, createNormaliser, normalise, profileNames } from '#scoring/wer/normalise.ts';
import { scoreWords } from '#scoring/wer/score.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** `public/toolkit/rostrum.py` says the same as the server, on this machine's Python. */
const toolkit = new URL('../../public/toolkit/', import.meta.url).pathname;
const golden = new URL('../golden/', import.meta.url).pathname;
const version = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const hasPython = version.status === 0;

const folder = mkdtempSync(join(tmpdir(), 'rostrum-toolkit-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a piece of Python makes of `given`, both ways as JSON. */
function python<T>(code: string, given: unknown): T {
  const program = ['import json, sys, rostrum', 'given = json.load(sys.stdin)', code].join('\n');
  const environment = {
    ...process.env,
    PYTHONPATH: toolkit,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    LC_ALL: 'C',
  };
  const input = JSON.stringify(given);
  return JSON.parse(
    execFileSync('python3', ['-c', program], { input, env: environment, maxBuffer: 2 ** 28 }).toString(),
  );
}

/** Texts of the signs that the rules are about, composed and not, in words. */
const signs = [
  ...'аеёйАЁЙbcİß19١',
  ...'\u0301\u0300\u0308\u0306\u00ad\u200b\u200d\ufeff',
  ...' \u00a0\u2003\t',
  ...`'’-‐–.,:!?№%…«»()[]<>`,
];
const texts = fc.array(fc.constantFrom(...signs), { maxLength: 24 }).map((characters) => characters.join(''));

describe.skipIf(!hasPython)('rostrum.py (skipped where there is no python3)', () => {
  test.each(profileNames)('parts texts into words under %s as the scorer does', (profile) => {
    const samples = fc.sample(texts, { numRuns: 3000, seed: 7 });
    const words = python<string[][]>('json.dump([rostrum.normalise(t, given[1]) for t in given[0]], sys.stdout)', [
      samples,
      profile,
    ]);
    for (const [i, text] of samples.entries()) expect(words[i], JSON.stringify(text)).toEqual(normalise(text, profile));
  });

  test('reads a table of spellings as the scorer does', () => {
    const rules = [
      { from: 'т е', to: 'то есть' },
      { from: 'т', to: 'тэ' },
      { from: 'Ага', to: '' },
    ];
    const samples = ['т е да', 'т т е ага', 'ага', 'е т'];
    const normaliser = createNormaliser('ru', rules);
    const code = 'json.dump([rostrum.normalise(t, "ru", given[1]) for t in given[0]], sys.stdout)';
    const words = python(code, [samples, rules.map(({ from, to }) => [from, to])]);
    expect(words).toEqual(samples.map((text) => normaliser.words(text)));
  });

  test('counts random pairs as the scorer does, words and characters', () => {
    const side = fc.array(fc.constantFrom('а', 'б', 'в', 'гд'), { maxLength: 9 });
    const pairs = fc.sample(fc.tuple(side, side), { numRuns: 3000, seed: 11 });
    const code =
      'json.dump([[rostrum.count_errors(*p), rostrum.count_errors(*map(" ".join, p))] for p in given], sys.stdout)';
    const counts = python<number[][][]>(code, pairs);
    for (const [i, pair] of pairs.entries()) {
      const [reference, hypothesis] = pair.map((words) => normalise(words.join(' '))) as [never, never];
      const ours = [
        countErrors(reference, hypothesis),
        countErrors(charactersOf(reference), charactersOf(hypothesis)),
      ].map(({ hits, substitutions, deletions, insertions }) => [hits, substitutions, deletions, insertions]);
      expect(counts[i], JSON.stringify(pair)).toEqual(ours);
    }
  });

  test('has the totals of the golden files', () => {
    const { '10k': expected } = JSON.parse(readFileSync(join(golden, 'wer10k/expected.json'), 'utf8'));
    const code = `
def total(folder, reference, hypothesis):
    words = rostrum.score(rostrum.read_references(folder + reference), rostrum.read_predictions(folder + hypothesis))["words"]
    return [words["hits"], words["substitutions"], words["deletions"], words["insertions"]]
json.dump([total(given + "wer10k/", "ref.txt.gz", f) for f in ("hyp.txt.gz", "hyp_b.txt.gz")]
          + [total(given + "significance/g2000/", "ref.trn.gz", f) for f in ("sysA.trn.gz", "sysB.trn.gz")], sys.stdout)`;
    const [a, b, ...others] = python<number[][]>(code, golden);
    const inOrder = ({ H, S, D, I }: Record<'H' | 'S' | 'D' | 'I', number>) => [H, S, D, I];
    expect(a).toEqual(inOrder(expected['hyp.txt'].canonical_maxhits));
    expect(b).toEqual(inOrder(expected['hyp_b.txt'].canonical_maxhits));
    expect(others.map(([, s, d, i]) => s! + d! + i!)).toEqual([3318, 3175]);
  });

  test('agrees with every case of other tools whose errors are known', () => {
    type Case = { reference: string | string[]; hypothesis: string | string[] };
    const { measure_cases: cases } = JSON.parse(readFileSync(join(golden, 'jiwer_cases.json'), 'utf8'));
    const sides = (cases as Case[]).map(({ reference, hypothesis }) => [[reference].flat(), [hypothesis].flat()]);
    const paired = sides.filter(([a, b]) => a!.length === b!.length) as [string[], string[]][];
    expect(paired.length).toBeGreaterThan(50);
    const code = `
json.dump([[rostrum.count_errors(rostrum.normalise(a), rostrum.normalise(b)) for a, b in zip(*pair)] for pair in given], sys.stdout)`;
    const counts = python<number[][][]>(code, paired);
    for (const [i, [references, hypotheses]] of paired.entries()) {
      const ours = references.map((text, k) => scoreWords([normalise(text)], normalise(hypotheses[k]!)));
      expect(counts[i]).toEqual(ours.map((one) => [one.hits, one.substitutions, one.deletions, one.insertions]));
    }
  });

  test('finds the wordings of a reference', () => {
    const references = ['да', '{да / ага} нет', '{ @ / ну } вот', 'без { скобок', '{а / {б / в} г} д', 'a/b {c}'];
    const wordings = python('json.dump([rostrum._expand(t) for t in given], sys.stdout)', references);
    expect(wordings).toEqual(
      references.map((text) => expandAlternatives(text)).map((expansion) => expansion.ok && expansion.wordings),
    );
  });

  test('chooses the cheapest wording', () => {
    const code = 'json.dump(rostrum.score({"a": ["да да", "нет"]}, {"a": "нет"})["words"], sys.stdout)';
    expect(python(code, null)).toEqual({
      hits: 1,
      substitutions: 0,
      deletions: 0,
      insertions: 0,
      reference: 1,
      errorRate: 0,
    });
  });

  const files: [what: string, text: string][] = [
    ['CSV', 'id,text\nu-1,да\nu-2,"нет, ""не"""\nu-3,\n'],
    ['CSV with semicolons, a mark and CRLF', '\ufeff"ID";Text\r\nu-1;да\r\nu-2;\r\nu-3;нет\r\n'],
    ['TSV', 'text\tid\nда\tu-1\nнет\tu-2\n\tu-3\n'],
    ['JSON Lines', '{"id":"u-1","text":"да"}\n\n{"id":"u-2","text":""}\n{"id":"u-3","text":"\\u0434а"}\n'],
    [
      'a NeMo manifest',
      ['u-1', 'u-2', 'u-3'].map((id) => `{"audio_filepath":"/x/${id}.wav","text":"?","pred_text":"${id}"}`).join('\n'),
    ],
    ['Kaldi text', 'u-1 да нет\nu-2\nu-3\tда\n'],
    ['trn', ';; who\nда (u-1)\n(u-2)\nда нет (u-3)\n'],
    ['an unknown, a missing and a double id', 'id,text\nu-1,да\nu-9,да\nu-1,нет\nu-2,да\n'],
    ['rows of other lengths', 'id,text\nu-1,да,да\nu-2\nu-3,да\n'],
    ['a header without ids', 'name,text\nu-1,да\n'],
    ['JSON that is none', '{"id":"u-1","text":"да"}\n{"id":\n[1]\n{"id":"u-2"}\n{"id":"u-3","text":1}\n'],
    ['a text that is too long', `id,text\nu-1,${'да '.repeat(33)}\nu-2,\nu-3,\n`],
    ['an empty id', 'id,text\n,да\nu-1,\nu-2,\nu-3,\n'],
  ];

  describe('takes or refuses as the server does', () => {
    const seconds = { 'u-1': 1, 'u-2': 1, 'u-3': 1 };
    const expected = Object.entries(seconds).map(([id, seconds]) => ({ id, seconds }));
    let answers: { texts?: object; problems?: [number, string][] }[];
    beforeAll(() => {
      const paths = files.map(([, text], i) => {
        const path = join(folder, `predictions-${i}`);
        writeFileSync(path, text);
        return path;
      });
      const code = `
def answer(path):
    try:
        return {"texts": rostrum.validate(path, given[1])}
    except rostrum.WrongFile as wrong:
        return {"problems": [[line, code] for line, code, _ in wrong.problems]}
json.dump([answer(path) for path in given[0]], sys.stdout)`;
      answers = python(code, [paths, seconds]);
    });

    test.each(files.map(([what, text], i) => [what, text, i] as const))('%s', (_, text, i) => {
      const ours = parsePredictions(new TextEncoder().encode(text), { expected });
      const { texts, problems = [] } = answers[i]!;
      if (ours.ok) return expect(texts).toEqual(Object.fromEntries(ours.hypotheses));
      // It may say less of a broken file, and nothing that the server would not say.
      expect(problems.length).toBeGreaterThan(0);
      const known = ours.problems.map(({ line, code }) => [line, code]);
      for (const problem of problems) expect(known).toContainEqual(problem);
    });
  });

  test('comes with a notebook of sound Python, without outputs', () => {
    const { cells } = JSON.parse(readFileSync(join(toolkit, 'first-recogniser.ipynb'), 'utf8'));
    const code = (cells as { cell_type: string; source: string[]; outputs?: object[] }[]).filter(
      (cell) => cell.cell_type === 'code',
    );
    expect(code.flatMap(({ outputs }) => outputs)).toEqual([]);
    const sources = code.map(({ source }) => source.join(''));
    const check = 'json.dump([compile(source, "cell", "exec") is not None for source in given], sys.stdout)';
    expect(python(check, sources)).toEqual(sources.map(() => true));
  });

  test('says in Russian what is wrong where the locale is', () => {
    const path = join(folder, 'empty.csv');
    writeFileSync(path, '\n');
    const run = (LANG: string) => {
      const { LC_ALL, LC_MESSAGES, ...environment } = process.env;
      const env = { ...environment, LANG, PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' };
      const command = [join(toolkit, 'rostrum.py'), 'validate', path, '--ids', path];
      const { status, stderr } = spawnSync('python3', command, { encoding: 'utf8', env });
      return [status, stderr.trim().split('\n').at(-1)];
    };
    expect(run('ru_RU.UTF-8')).toEqual([1, `${path}:0:0: empty-file: файл пуст`]);
    expect(run('C')).toEqual([1, `${path}:0:0: empty-file: the file is empty`]);
  });
});
