import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { attachment, type Download, serveDownload } from '#lib/download.ts';
import { openFile } from '#lib/objects/folder.ts';
import { parseRange } from '#lib/range.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-download-'));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Buffer.from('0123456789');
const path = join(folder, 'recording');
writeFileSync(path, content);
const sha256 = createHash('sha256').update(content).digest();
const open: Download['open'] = (range) => openFile(path, 10, range);
const file: Download = { open, bytes: 10, sha256, mediaType: 'audio/wav', fileName: 'приём.wav' };
const etag = `"${sha256.toString('hex')}"`;

function ask(headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return serveDownload(new Request('http://rostrum.test/', { headers, method }), file);
}

describe('a download', () => {
  test('is the file whole, under its type and name, with its digest', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('0123456789');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache, no-transform',
      'content-length': '10',
      'content-type': 'audio/wav',
      etag,
      'repr-digest': `sha-256=:${sha256.toString('base64')}:`,
    });
  });

  test.each([
    ['bytes=0-3', 'bytes 0-3/10', '0123'],
    ['bytes=4-', 'bytes 4-9/10', '456789'],
    ['bytes=-2', 'bytes 8-9/10', '89'],
    ['bytes=8-99', 'bytes 8-9/10', '89'],
    ['bytes=-99', 'bytes 0-9/10', '0123456789'],
  ])('%s is answered with %s', async (range, contentRange, text) => {
    const response = await ask({ Range: range });
    expect([response.status, response.headers.get('Content-Range'), await response.text()]).toEqual([
      206,
      contentRange,
      text,
    ]);
    expect(response.headers.get('Content-Length')).toBe(String(text.length));
  });

  test.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s lies outside: 416 with the size', async (range) => {
    await expect(ask({ Range: range })).rejects.toMatchObject({
      status: 416,
      headers: { 'Content-Range': 'bytes */10' },
    });
  });

  test('a range is only for the file that the caller began with', async () => {
    expect((await ask({ Range: 'bytes=0-3', 'If-Range': etag })).status).toBe(206);
    expect((await ask({ Range: 'bytes=0-3', 'If-Range': '"another"' })).status).toBe(200);
    expect((await ask({ Range: 'bytes=0-3', 'If-Range': 'Mon, 23 Nov 2026 00:00:00 GMT' })).status).toBe(200);
  });

  test('is not sent to who has it', async () => {
    const response = await ask({ 'If-None-Match': etag });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  test('HEAD tells the size, sends nothing and knows no ranges', async () => {
    const response = await ask({ Range: 'bytes=0-3' }, 'HEAD');
    expect([response.status, response.headers.get('Content-Length'), response.body]).toEqual([200, '10', null]);
  });

  test('a file of another length than was stored is never sent', async () => {
    await expect(openFile(path, 11)).rejects.toThrow('10 bytes');
  });
});

test.each([['bytes=0-1,4-5'], ['lines=1-2'], ['bytes=5-2'], ['bytes=-'], ['bytes=a-b'], ['']])(
  'the whole file answers the range "%s"',
  (header) => expect(parseRange(header, 10)).toBe('whole'),
);

test('a file name is told plainly and exactly', () => {
  expect(attachment('приём "1".wav')).toBe(
    `attachment; filename="_____ _1_.wav"; filename*=UTF-8''%D0%BF%D1%80%D0%B8%D1%91%D0%BC%20%221%22.wav`,
  );
  expect(attachment("it's(1)*.wav")).toContain("UTF-8''it%27s%281%29%2A.wav");
});
