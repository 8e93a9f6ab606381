import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { parseContentDigest } from '#lib/content-digest.ts';
import { readUpload } from '#lib/upload-body.ts';

const limits = { maxBytes: 1000, maxSeconds: 5 };

function upload(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', body, headers: { 'Content-Type': 'text/csv', ...headers }, duplex: 'half' };
  return new Request('http://rostrum.test/', init);
}

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('base64');
}

test('the file is what was sent, byte for byte', async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 0xd0]);
  const read = await readUpload(upload(bytes), limits);
  expect(read.bytes.equals(bytes)).toBe(true);
  expect(read.sha256).toEqual(createHash('sha256').update(bytes).digest());
});

test('an empty body is an empty file', async () => {
  expect((await readUpload(upload(null), limits)).bytes).toHaveLength(0);
});

test('one byte more than allowed is refused, announced or not', async () => {
  await expect(readUpload(upload('x'.repeat(1000)), limits)).resolves.toBeDefined();
  await expect(readUpload(upload('x'.repeat(1001)), limits)).rejects.toMatchObject({ status: 413, code: 'too-large' });
  await expect(readUpload(upload('x', { 'Content-Length': '1001' }), limits)).rejects.toMatchObject({ status: 413 });
});

test('a body without an end is refused at once, and given up when its sender does not stop', async () => {
  let sent = 0;
  let isGivenUp = false;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 2 ** 20;
      controller.enqueue(new Uint8Array(2 ** 20));
    },
    cancel() {
      isGivenUp = true;
    },
  });
  await expect(readUpload(upload(endless), limits)).rejects.toMatchObject({ code: 'too-large' });
  await vi.waitFor(() => expect(isGivenUp).toBe(true));
  expect(sent).toBeLessThan(40 * 2 ** 20);
});

test('a body that does not end in time is refused', async () => {
  const silent = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  const refusal = readUpload(upload(silent), { maxBytes: 1000, maxSeconds: 0.05 });
  await expect(refusal).rejects.toMatchObject({ status: 408, code: 'body-timeout' });
});

test('a body that breaks off, or is shorter than announced, is no file', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) });
  await expect(readUpload(upload(broken), limits)).rejects.toMatchObject({ status: 400, code: 'body-incomplete' });
  const short = upload('abc', { 'Content-Length': '4' });
  await expect(readUpload(short, limits)).rejects.toMatchObject({ code: 'body-incomplete' });
});

test.each(['multipart/form-data; boundary=x', 'audio/wav', 'application/zip', 'application/pdf', 'nonsense'])(
  '%s is not a predictions file',
  async (type) => {
    const refusal = readUpload(upload('x', { 'Content-Type': type }), limits);
    await expect(refusal).rejects.toMatchObject({ status: 415, code: 'unsupported-media-type' });
  },
);

test.each([
  'text/csv; charset=utf-8',
  'TEXT/Plain',
  'application/octet-stream',
  'application/gzip',
  'application/jsonl',
  'application/x-www-form-urlencoded',
  '',
])('a file may be called "%s"', async (type) => {
  await expect(readUpload(upload('x', { 'Content-Type': type }), limits)).resolves.toBeDefined();
});

test('of the content encodings only gzip is taken', async () => {
  await expect(readUpload(upload('x', { 'Content-Encoding': 'gzip' }), limits)).resolves.toBeDefined();
  await expect(readUpload(upload('x', { 'Content-Encoding': 'br' }), limits)).rejects.toMatchObject({
    status: 415,
    headers: { 'Accept-Encoding': 'gzip' },
  });
});

test('Content-Digest is of the bytes as sent, by every algorithm we know', async () => {
  const right = `sha-256=:${digest('sha256', 'abc')}:, sha-512=:${digest('sha512', 'abc')}:, md5=:AAAA:`;
  await expect(readUpload(upload('abc', { 'Content-Digest': right }), limits)).resolves.toBeDefined();
  for (const wrong of [
    `sha-256=:${digest('sha256', 'abd')}:`,
    `sha-256=:${digest('sha256', 'abc')}:, sha-512=:${digest('sha512', 'abd')}:`,
  ]) {
    const refusal = readUpload(upload('abc', { 'Content-Digest': wrong }), limits);
    await expect(refusal).rejects.toMatchObject({ status: 400, code: 'digest-mismatch' });
  }
});

test.each(['', 'sha-256=abc', 'sha-256=:YWJj:', 'garbage', 'sha-256=:!!!!:'])(
  'the Content-Digest "%s" is refused, not passed over',
  async (field) => {
    const refusal = readUpload(upload('abc', { 'Content-Digest': field }), limits);
    await expect(refusal).rejects.toMatchObject({ status: 400, code: 'digest-invalid' });
  },
);

test('a digest of an unknown algorithm alone checks nothing', () => {
  expect(parseContentDigest('md5=:AAAA:')).toEqual(new Map());
});
