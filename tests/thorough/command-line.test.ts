import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { profileNames } from '#scoring/wer/normalise.ts';
import { run } from '../../bin/program.ts';

const root = join(import.meta.dirname, '../..');
// Packages are found from below the root only.
const home = mkdtempSync(join(root, 'node_modules/.command-line-'));
// As in an installation, compiled kernels lie beside the bundles.
const bundle = join(home, 'dist');
const files = mkdtempSync(join(tmpdir(), 'rostrum-command-line-'));

// A process each, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(async () => {
  const options = { bundle: true, splitting: true, format: 'esm', platform: 'node', packages: 'external' } as const;
  const entryPoints = [join(root, 'bin/rostrum.ts')];
  await build({ ...options, entryPoints, outdir: bundle, outExtension: { '.js': '.mjs' }, logLevel: 'error' });
  for (const name of ['kernel.wasm', 'statistics.wasm']) cpSync(join(root, 'dist', name), join(bundle, name));
});

afterAll(() => {
  for (const folder of [home, files]) rmSync(folder, { recursive: true });
});

type Outcome = { code: number | null; out: string; problems: string };

/** Runs the command in the folder of files; English unless the environment says otherwise. */
function rostrum(
  args: string,
  { input = '', env = {} }: { input?: string | Buffer; env?: Record<string, string> } = {},
) {
  return new Promise<Outcome>((resolve) => {
    const command = [join(bundle, 'rostrum.mjs'), ...args.split(' ').filter(Boolean)];
    const locale = { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' };
    const child = spawn(process.execPath, command, { cwd: files, env: { ...process.env, ...locale, ...env } });
    const outcome: Outcome = { code: null, out: '', problems: '' };
    child.stdout.on('data', (text) => (outcome.out += text));
    child.stderr.on('data', (text) => (outcome.problems += text));
    child.on('close', (code) => resolve({ ...outcome, code }));
    child.stdin.end(input);
  });
}

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(files, name), content);
  return name;
}

describe.concurrent('rostrum score', () => {
  const ref = file('ref.txt', 'u1 да нет\nu2 Раз два\n');
  const hyp = file('hyp.csv', 'id,text\nu2,раз два три\nu1,да\n');

  test('prints one JSON document with the keys of the contract', async () => {
    const { code, out, problems } = await rostrum(`score --ref ${ref} --hyp ${hyp} --json --characters --profile ru`);
    expect([code, problems]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      profile: 'ru',
      scorerVersion: expect.any(Number),
      utterances: 2,
      words: {
        hits: 3,
        substitutions: 0,
        deletions: 1,
        insertions: 1,
        reference: 4,
        errorRate: 0.5,
        interval: [0.5, 0.5],
        intervalMethod: 'delta',
      },
      characters: expect.objectContaining({ hits: 9, deletions: 4, insertions: 4, reference: 13 }),
    });
  });

  test('counts raw words and no characters unless asked', async () => {
    const { out } = await rostrum(`score --ref ${ref} --hyp ${hyp} --json`);
    expect(JSON.parse(out)).toMatchObject({ profile: 'raw', words: { substitutions: 1 }, characters: null });
  });

  test('has no rate where the references are empty', async () => {
    const { out } = await rostrum(`score --ref ${file('none.txt', 'u1\nu2\n')} --hyp ${hyp} --json`);
    expect(JSON.parse(out).words).toMatchObject({ insertions: 4, reference: 0, errorRate: null, interval: null });
  });

  test('reads the standard input and gzip', async () => {
    const { out } = await rostrum(`score --ref ${ref} --hyp - --json`, { input: gzipSync('u1 да нет\nu2 Раз два\n') });
    expect(JSON.parse(out).words).toMatchObject({ hits: 4, errorRate: 0 });
  });

  test('is read by people in their language', async () => {
    const { out } = await rostrum(`score --ref ${ref} --hyp ${hyp}`, { env: { LC_ALL: 'ru_RU.UTF-8' } });
    expect(out.replaceAll('\u00a0', ' ')).toMatch(
      /^2 записи, профиль raw, .*\nWER 75,00 % \[.*\] {3}верно 2, замен 1, /,
    );
    expect((await rostrum(`score --ref ${ref} --hyp ${hyp}`)).out).toMatch(/^2 utterances, .*\nWER 75.00% \[/);
  });

  test('says every problem of a file in one line each, and exits with 1', async () => {
    const wrong = file('wrong.csv', 'id,text\nu1,да,нет\nu3,да\n');
    const { code, out, problems } = await rostrum(`score --ref ${ref} --hyp ${wrong} --json`);
    expect([code, out]).toEqual([1, '']);
    expect(problems.trimEnd().split('\n')).toEqual([
      'wrong.csv:2:7: fields-many: 3 fields where the header names 2. Quote a text that contains the delimiter.',
      'wrong.csv:3:1: id-unknown: There is no utterance "u3". Use the expected ids, such as those of the sample submission.',
      'wrong.csv:0:0: id-missing: No line for the utterance "u2". Add it; its text may be empty.',
    ]);
  });

  test('says how many more problems there are than it lists', async () => {
    const wrong = file('many.txt', Array.from({ length: 300 }, (_, i) => `x${i}\n`).join(''));
    const { problems } = await rostrum(`score --ref ${ref} --hyp ${wrong}`);
    expect(problems).toContain('many.txt: 200 more problems, 302 in all.\n');
  });

  test('exits with 3 where a file is not there', async () => {
    expect(await rostrum(`score --ref ${ref} --hyp nowhere.csv`)).toEqual({
      code: 3,
      out: '',
      problems: 'nowhere.csv cannot be read: there is no such file or folder.\n',
    });
  });

  test('says of both files of validate that they cannot be read', async () => {
    const { code, problems } = await rostrum('validate --ids . nowhere.csv');
    expect([code, problems]).toEqual([
      3,
      '. cannot be read: it is a folder.\nnowhere.csv cannot be read: there is no such file or folder.\n',
    ]);
  });

  test('refuses a second --hyp, which would silently replace the first', async () => {
    const { code, problems } = await rostrum(`score --ref ${ref} --hyp ${hyp} --hyp ${hyp}`);
    expect([code, problems]).toEqual([2, '--hyp is given more than once. Further systems go to --compare.\n']);
  });

  test('exits with 1 where a gzip file is damaged', async () => {
    const { code, problems } = await rostrum(`score --ref ${ref} --hyp -`, { input: gzipSync('u1').subarray(0, -4) });
    expect([code, problems.split(': ')[1]]).toEqual([1, 'gzip-damaged']);
  });
});

describe.concurrent('rostrum validate', () => {
  const ids = file('manifest.csv', 'id,split,seconds\nu1,test,0.5\nu2,test,\n');

  test('says that a file is fine, warnings aside', async () => {
    const { code, out, problems } = await rostrum(`validate --ids ${ids} ${file('fine.txt', 'u1 да\nu2 7\n')}`);
    expect([code, out]).toEqual([0, 'fine.txt: kaldi, 2 hypotheses, no problems.\n']);
    expect(problems).toMatch(/^fine\.txt:2:4: warning-digits: 1 text has digits\./);
  });

  test('holds hypotheses to the durations of the manifest', async () => {
    const { code, problems } = await rostrum(`validate --ids ${ids} -`, { input: `u1 ${'да '.repeat(27)}\nu2\n` });
    expect(code).toBe(1);
    expect(problems).toMatch(/^-:1:4: hypothesis-too-long: 27 words for 0.5 s of audio; at most 26 are taken/m);
  });

  test('prints one JSON document, and nothing else, for sound and for broken files', async () => {
    const sound = await rostrum(`validate --ids ${ids} - --json`, { input: gzipSync('u1 да\nu2 7\n') });
    expect([sound.code, sound.problems]).toEqual([0, '']);
    expect(JSON.parse(sound.out)).toEqual({
      ok: true,
      format: 'kaldi',
      utterances: 2,
      errors: [],
      errorCount: 0,
      warnings: [
        { line: 2, column: 4, code: 'warning-digits', message: expect.stringMatching(/^1 text has digits\./) },
      ],
    });
    const broken = await rostrum(`validate --ids ${ids} - --json`, { input: 'u1 да\n' });
    expect([broken.code, broken.problems]).toEqual([1, '']);
    expect(JSON.parse(broken.out)).toMatchObject({
      ok: false,
      errors: [{ line: 0, column: 0, code: 'id-missing', message: expect.stringContaining('"u2"') }],
      errorCount: 1,
    });
  });

  test('reads a file in a given format', async () => {
    const { code, out } = await rostrum(`validate --ids ${ids} --format trn -`, { input: 'u1 да (u1)\n(u2)\n' });
    expect([code, out]).toEqual([0, '-: trn, 2 hypotheses, no problems.\n']);
  });
});

describe.concurrent('rostrum normalise', () => {
  test('tells the line and column where a text is not UTF-8, and exits with 1', async () => {
    const input = Buffer.concat([Buffer.from('\ufeffда\r\nнет '), Buffer.of(0xff), Buffer.from(' да\n')]);
    expect(await rostrum('normalise --profile ru', { input })).toEqual({
      code: 1,
      out: 'да\n',
      problems: '-:2:5: invalid-utf8: Byte 0xFF is not valid UTF-8 here. Save the file in UTF-8.\n',
    });
  });

  test('joins its words to one text', async () => {
    expect((await rostrum('normalise --profile ru-yo Ёлка, за\u0301мок!')).out).toBe('елка замок\n');
  });

  test('answers every line of the standard input with one', async () => {
    expect((await rostrum('normalise --profile en', { input: 'Don’t\n\n a\u00a0b' })).out).toBe("don't\n\na b\n");
  });
});

describe.concurrent('text in brackets', () => {
  const said = file('said.txt', 'u1 да\nu2 нет\n');
  const bracketed = file('bracketed.txt', 'u1 [шум] да\nu2 нет (смех)\n');

  test('that Whisper would not score is told beside the score', async () => {
    const { code, out, problems } = await rostrum(
      `score --ref ${said} --hyp ${bracketed} --profile whisper-basic --json`,
    );
    expect([code, JSON.parse(out).words.errorRate]).toEqual([0, 0]);
    expect(problems).toBe(
      'bracketed.txt:0:0: warning-brackets-removed: 2 texts have something in brackets. This profile removes it, so that it is not scored.\n',
    );
  });

  test('(control) is scored under every other profile, and nothing is told', async () => {
    const { out, problems } = await rostrum(`score --ref ${said} --hyp ${bracketed} --profile ru --json`);
    expect([JSON.parse(out).words.insertions, problems]).toEqual([2, '']);
    expect((await rostrum(`score --ref ${said} --hyp ${said} --profile whisper-basic --json`)).problems).toBe('');
  });
});

describe.concurrent('rostrum normalise with a table of spellings', () => {
  const table = file('spellings.csv', 'from,to\nok,okay\n"new york",NYC\n');

  test('replaces words after the profile', async () => {
    const { code, out } = await rostrum(`normalise --profile en --mapping ${table} OK, New-York`);
    expect([code, out]).toEqual([0, 'okay new-york\n']);
    expect((await rostrum(`normalise --profile en --mapping ${table} OK, New York!`)).out).toBe('okay nyc\n');
  });

  test('tells the rules on stderr, and nothing more on stdout', async () => {
    const { out, problems } = await rostrum(`normalise --profile en --mapping ${table} --explain ok`);
    expect(out).toBe('okay\n');
    expect(problems.split('\n')[0]).toMatch(/^Profile en, version 1, hash [0-9a-f]{16}:$/);
    expect(problems).toContain('6. Then 2 rules of the mapping table replace whole words');
    expect((await rostrum('normalise --explain ok')).problems).not.toContain('mapping');
  });

  test('prints one JSON document', async () => {
    const { out, problems } = await rostrum(`normalise --profile en --mapping ${table} --json`, { input: 'OK!\n\n' });
    expect(problems).toBe('');
    expect(JSON.parse(out)).toEqual({
      profile: 'en',
      version: 1,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      rules: ['nfc', 'zero-width', 'case', 'punctuation', 'white-space'],
      mapping: 2,
      lines: [
        { text: 'OK!', words: ['okay'] },
        { text: '', words: [] },
      ],
    });
  });

  test('names what is wrong with the table', async () => {
    const broken = file('broken.csv', 'ok,okay\nok\n');
    const { code, out, problems } = await rostrum(`normalise --mapping ${broken} ok`);
    expect([code, out, problems.split(': ').slice(0, 2)]).toEqual([1, '', ['broken.csv:2:1', 'mapping-line']]);
  });
});

describe('what was typed wrong is said, and exits with 2:', () => {
  test.each([
    ['', 'Name a command.'],
    ['scor', 'There is no command scor. Did you mean score?'],
    ['score --hyp hyp.csv', '--ref <file> has to be given.'],
    ['score --ref', '--ref <file> needs a value.'],
    ['score --ref - --hyp -', 'Only one file can be the standard input, and --ref and --hyp both are.'],
    [
      'score --ref a --hyp b --compare - -',
      'Only one file can be the standard input, and --compare and --compare both are.',
    ],
    ['score --ref a --hyp b --html ./a', './a is one of the files that are read; the report needs a name of its own.'],
    ['score --ref a --hyp b --ties sctk', '--ties <rule> cannot be "sctk". Possible: canonical, jiwer, kaldi, sclite.'],
    [
      'score --ref a --hyp b --test t',
      '--test <name> cannot be "t". Possible: mapsswe, bootstrap, mcnemar, wilcoxon, sign.',
    ],
    ['score --ref a --hyp b --seed 1.5', '--seed <number> cannot be "1.5". Possible: 0–4294967295.'],
    ['score --ref a --hyp b c', 'Too many arguments.'],
    ['score --ref a --hyp b --fast', 'There is no option --fast. Did you mean --test?'],
    ['normalise --profile klingon', `--profile <name> cannot be "klingon". Possible: ${profileNames.join(', ')}.`],
    ['validate --ids manifest.csv', 'predictions is missing.'],
    ['--language ru score', 'Нужен параметр --ref <file>.'],
    ['score --language=ru', 'Нужен параметр --ref <file>.'],
    ['--language en score --ref', 'See: rostrum score --help'],
  ])('%j', async (args, sentence) => {
    vi.stubEnv('LC_ALL', 'en_US.UTF-8');
    let problems = '';
    const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      problems += text;
      return true;
    });
    const code = await run(args.split(' ').filter(Boolean));
    stderr.mockRestore();
    vi.unstubAllEnvs();
    expect([code, problems.split('\n').filter((line) => line === sentence)]).toEqual([2, [sentence]]);
  });

  test('by the process, too', async () => {
    const problems = '--ref <file> has to be given.\nSee: rostrum score --help\n';
    expect(await rostrum('score --hyp hyp.csv')).toEqual({ code: 2, out: '', problems });
  });
});

test('the help is complete in both languages and exits with 0', async () => {
  const { code, out } = await rostrum('--help', { env: { LANG: 'ru_RU.UTF-8' } });
  expect([code, out.includes('Использование:'), out.includes('Команды:'), out.includes('score')]).toEqual([
    0,
    true,
    true,
    true,
  ]);
  expect(out).not.toMatch(/Usage|Options|Commands|display help/);
  expect((await rostrum('score --help')).out).toContain('Usage: rostrum score');
});

test('settings that cannot be used are named, without a stack, and exit with 3', async () => {
  const { code, problems } = await rostrum('competition list', { env: { DATABASE_URL: 'mysql://nobody@nowhere/x' } });
  expect(code).toBe(3);
  expect(problems).toMatch(/^These settings cannot be used .*\n {2}DATABASE_URL: is not an address/);
  expect(problems).not.toContain(' at ');
});

test('a local command loads no database driver and no schema library, and no messages to print JSON', async () => {
  // The control: a command that needs them does load them.
  const loaded = async (args: string) => {
    const { problems } = await rostrum(args, { env: { NODE_DEBUG: 'esm' } });
    return ['/pg/', '/zod/', '/drizzle-orm/', '/intl-messageformat/'].filter((name) => problems.includes(name));
  };
  expect(await loaded('normalise --profile ru да')).toEqual(['/intl-messageformat/']);
  expect(await loaded('score --ref ref.txt --hyp hyp.csv --json')).toEqual([]);
  expect(await loaded('competition --help')).not.toEqual([]);
});

test('as installed, rostrum score is one file that asks for nothing but Node, and says what is wrong in both languages', () => {
  const packagesOf = (text: string) =>
    [...text.matchAll(/^import\s*[\w*{}\s,$]*from\s*"([^"]+)"/gm)]
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith('node:'));
  const text = (name: string) => readFileSync(join(root, 'dist', name), 'utf8').replaceAll(';import', ';\nimport');
  expect(packagesOf(text('score.mjs'))).toEqual([]);
  expect(packagesOf(text('server.mjs'))).not.toEqual([]); // the control
  const said = (language: string) => {
    const args = [join(root, 'dist/rostrum.mjs'), 'score', '--hyp', 'x', '--language', language];
    return String(spawnSync(process.execPath, args).stderr).split('\n')[0];
  };
  expect([said('ru'), said('en')]).toEqual([
    expect.stringMatching(/^[^a-z]*--ref <file>/),
    '--ref <file> has to be given.',
  ]);
});
