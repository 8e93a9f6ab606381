import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { checkFile } from '#ui/file-check.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const manifest = bytes('id,audio,split,duration\r\nu1,u1.wav,test,1.5\r\nu2,u2.wav,test,2\r\n');
const check = (file: Uint8Array, listed: Uint8Array | null = manifest) =>
  checkFile({ file, manifest: listed, format: undefined });

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
