import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { unpack } from '#lib/predictions/unpack.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const text = 'id,text\nu-1,да\n';
const packed = gzipSync(text);

async function codeOf(bytes: Uint8Array): Promise<string> {
  const unpacked = await unpack(bytes);
  return unpacked.ok ? 'ok' : unpacked.problem.code;
}

/** Compresses some ten-fold, as repetitive texts do and bombs do not. */
function plausibleText(bytes: number): Buffer {
  const lines = Array.from(
    { length: 4000 },
    (_, i) => `utterance-${(i * 2654435761) % 1_000_003} ${'слово '.repeat(20)}\n`,
  );
  const block = Buffer.from(lines.join(''));
  return Buffer.alloc(bytes, block);
}

test('plain bytes are passed on as they are', async () => {
  expect(await unpack(Buffer.from(text))).toEqual({ ok: true, bytes: Buffer.from(text) });
});

test('gzip is inflated', async () => {
  const unpacked = await unpack(packed);
  expect(unpacked.ok && new TextDecoder().decode(unpacked.bytes)).toBe(text);
});

test('a gzip file of several members, as `cat a.gz b.gz` makes it, is all of them', async () => {
  const unpacked = await unpack(Buffer.concat([packed, gzipSync('u-2,нет\n')]));
  expect(unpacked.ok && new TextDecoder().decode(unpacked.bytes)).toBe(`${text}u-2,нет\n`);
});

test('an empty gzip file is an empty file', async () => {
  expect(await unpack(gzipSync(''))).toMatchObject({ ok: true, bytes: new Uint8Array(0) });
});

describe('a damaged gzip file is refused:', () => {
  test.each([
    ['cut off', packed.subarray(0, -3)],
    ['two bytes of it', packed.subarray(0, 2)],
    ['with a wrong checksum', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(4), packed.subarray(-4)])],
    ['with something after it', Buffer.concat([packed, Buffer.from('more')])],
    ['whose data are not deflated', Buffer.concat([packed.subarray(0, 10), Buffer.from(text)])],
  ])('%s', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('gzip-damaged');
  });
});

describe('sizes', () => {
  test('as sent end at 8 mebibytes', async () => {
    expect(await codeOf(new Uint8Array(uploadLimits.sentBytes))).toBe('ok');
    expect(await codeOf(new Uint8Array(uploadLimits.sentBytes + 1))).toBe('sent-too-large');
  });

  test('unpacked end at 64 mebibytes', async () => {
    expect(await codeOf(gzipSync(plausibleText(uploadLimits.fileBytes), { level: 1 }))).toBe('ok');
    expect(await codeOf(gzipSync(plausibleText(uploadLimits.fileBytes + 1), { level: 1 }))).toBe('gzip-too-large');
  });

  test('end a bomb long before it has gone off', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20), { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(bomb)).toBe('gzip-ratio');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });

  test('of a small file may shrink by any ratio', async () => {
    expect(await codeOf(gzipSync(Buffer.alloc(2 ** 20)))).toBe('ok');
  });
});
