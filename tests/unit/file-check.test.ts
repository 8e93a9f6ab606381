import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type CheckRules, checkFile } from '#ui/file-check.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const manifest = bytes('id,audio,split,duration\r\nu1,u1.wav,test,1.5\r\nu2,u2.wav,test,2\r\n');
const raw = { profile: 'raw', mapping: null };
const check = (file: Uint8Array, listed: Uint8Array | null = manifest) =>
  checkFile({ file, manifest: listed, format: undefined, rules: raw, isOpen: false });

test('a file that names every recording of the manifest is sound', async () => {
  expect(await check(bytes('id,text\nu2,два\nu1,один\n'))).toMatchObject({
    status: 'sound',
    format: 'csv',
    utterances: 2,
    warnings: [],
  });
});

test('a compressed file is read like a plain one', async () => {
  expect(await check(gzipSync('u1 один\nu2 два\n'))).toMatchObject({ status: 'sound', format: 'kaldi' });
});

test('every problem of a file is told before anything is sent', async () => {
  const found = await check(bytes('id,text\nu1,один\nu1,снова\nu9,чужой\n'));
  expect(found).toMatchObject({ status: 'broken', total: 3 });
  expect(found.status === 'broken' && found.problems.map(({ code }) => code)).toEqual([
    'id-duplicate',
    'id-unknown',
    'id-missing',
  ]);
});

test('the length of a hypothesis is bounded by the seconds of the manifest', async () => {
  const long = 'слово '.repeat(39);
  expect(await check(bytes(`id,text\nu1,${long}\nu2,два\n`))).toMatchObject({
    status: 'broken',
    problems: [{ code: 'hypothesis-too-long', values: { words: 39, limit: 38 } }],
  });
});

test('a file that is too large to send is not read', async () => {
  expect(await check(new Uint8Array(8 * 2 ** 20 + 1))).toMatchObject({
    status: 'broken',
    problems: [{ code: 'sent-too-large' }],
  });
});

test('without the manifest only the archive itself can be judged', async () => {
  expect(await check(bytes('anything'), null)).toEqual({ status: 'unchecked' });
  expect(await check(gzipSync('text').subarray(0, 12), null)).toMatchObject({
    status: 'broken',
    problems: [{ code: 'gzip-damaged' }],
  });
});

test('an answer that is no manifest leaves the check to the server', async () => {
  expect(await check(bytes('id,text\nu1,один\n'), bytes('<html>'))).toEqual({ status: 'unchecked' });
});

const open = bytes(
  'id,audio,split,duration,text,text_2\r\nu1,u1.wav,dev,1.5,Один кот,один код\r\nu2,u2.wav,dev,2,два,\r\nu3,u3.wav,dev,2,~,три\r\n',
);

function score(text: string, rules: CheckRules | null, isOpen = true) {
  return checkFile({ file: bytes(text), manifest: open, format: undefined, rules, isOpen });
}

test('against open references a file is scored by the rules of its competition, any wording counting', async () => {
  const file = 'id,text\nu1,один код\nu2,две ну\nu3,три\n';
  expect(await score(file, raw)).toMatchObject({
    score: { words: { hits: 3, substitutions: 1, deletions: 0, insertions: 1 } },
  });
  const mapping = bytes('from,to\nдве,два\n');
  expect(await score(file, { profile: 'ru', mapping })).toMatchObject({
    score: { words: { hits: 4, substitutions: 0, deletions: 0, insertions: 1 } },
  });
});

test('nothing is scored where references are hidden, or the rules are not known', async () => {
  const file = 'id,text\nu1,один\nu2,два\nu3,три\n';
  expect(await score(file, raw, false)).toMatchObject({ status: 'sound', score: null });
  expect(await score(file, null)).toMatchObject({ status: 'sound', score: null });
  expect(await score(file, { profile: 'ru', mapping: bytes('no rule at all') })).toMatchObject({ score: null });
});

test('text in brackets that the profile removes is told, and no other profile says so', async () => {
  const file = 'id,text\nu1,один (смех) код\nu2,[шум] два\nu3,три\n';
  const found = async (profile: string) => {
    const checked = await score(file, { profile, mapping: null }, false);
    return checked.status === 'sound' && checked.warnings.map(({ code, values }) => [code, values.count]);
  };
  expect(await found('whisper-basic')).toEqual([['warning-brackets-removed', 2]]);
  expect(await found('raw')).toEqual([]);
});
