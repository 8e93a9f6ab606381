import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { uploadLimits } from '#lib/predictions/limits.ts';
import { unpack } from '#lib/predictions/unpack.ts';

// The machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const text = 'id,text\nu-1,да\n';
const packed = gzipSync(text);
const second = gzipSync('u-2,нет\n');
const headerBytes = 10;

const bundled = mkdtempSync(join(import.meta.dirname, '../../node_modules/.unpack-'));
afterAll(() => rmSync(bundled, { recursive: true }));

type Unpack = typeof unpack;

/** The module as pages get it: by the conditions of a browser, which has no zlib. */
async function unpackOfBrowsers(): Promise<Unpack> {
  const outfile = join(bundled, 'unpack.mjs');
  const entryPoints = [join(import.meta.dirname, '../../lib/predictions/unpack.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'browser', format: 'esm', logLevel: 'error' });
  return (await import(outfile)).unpack;
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

describe.each<[string, () => Unpack | Promise<Unpack>]>([
  ['the server', () => unpack],
  ['the browser', unpackOfBrowsers],
])('%s', (_where, bring) => {
  let unpackThere: Unpack;
  beforeAll(async () => {
    unpackThere = await bring();
  });

  /** The text inside, or the code of the refusal. */
  async function outcome(bytes: Uint8Array): Promise<string> {
    const unpacked = await unpackThere(bytes);
    return unpacked.ok ? new TextDecoder().decode(unpacked.bytes) : unpacked.problem.code;
  }

  test('passes plain bytes on as they are', async () => {
    expect(await unpackThere(Buffer.from(text))).toEqual({ ok: true, bytes: Buffer.from(text) });
  });

  test.each<[string, Uint8Array[], string]>([
    ['one member', [packed], text],
    ['two, as `cat a.gz b.gz` makes them', [packed, second], `${text}u-2,нет\n`],
    ['three', [packed, second, second], `${text}u-2,нет\nu-2,нет\n`],
    ['an empty one alone', [gzipSync('')], ''],
    [
      'empty ones between and at the end, as bgzip writes it',
      [packed, gzipSync(''), second, gzipSync('')],
      `${text}u-2,нет\n`,
    ],
    ['zeros after the last, as tapes and blocks are filled', [packed, second, new Uint8Array(512)], `${text}u-2,нет\n`],
  ])('takes a gzip file of %s', async (_, members, inside) => {
    expect(await outcome(Buffer.concat(members))).toBe(inside);
  });

  test.each<[string, Uint8Array[]]>([
    ['cut off', [packed.subarray(0, -3)]],
    ['two bytes of it', [packed.subarray(0, 2)]],
    ['cut off in its second member', [packed, second.subarray(0, -3)]],
    ['cut off in the header of its second member', [packed, second.subarray(0, 1)]],
    ['with a wrong checksum', [packed.subarray(0, -8), Buffer.alloc(4), packed.subarray(-4)]],
    [
      'with a wrong checksum of its second member',
      [packed, second.subarray(0, -8), Buffer.alloc(4), second.subarray(-4)],
    ],
    ['with a wrong length', [packed.subarray(0, -4), Buffer.alloc(4)]],
    ['with something after it', [packed, Buffer.from('more')]],
    ['with something after its second member', [packed, second, Buffer.from('more')]],
    ['whose data are not deflated', [packed.subarray(0, headerBytes), Buffer.from(text)]],
  ])('refuses a damaged one: %s', async (_, parts) => {
    expect(await outcome(Buffer.concat(parts))).toBe('gzip-damaged');
  });

  test('refuses more than 8 mebibytes as sent', async () => {
    expect((await unpackThere(new Uint8Array(uploadLimits.sentBytes))).ok).toBe(true);
    expect(await outcome(new Uint8Array(uploadLimits.sentBytes + 1))).toBe('sent-too-large');
  });

  test('refuses more than 64 mebibytes unpacked, in however many members', async () => {
    const half = gzipSync(plausibleText(uploadLimits.fileBytes / 2), { level: 1 });
    expect((await unpackThere(Buffer.concat([half, half]))).ok).toBe(true);
    expect(await outcome(Buffer.concat([half, half, gzipSync('1')]))).toBe('gzip-too-large');
  });

  test.each([
    ['of one member', [gzipSync(Buffer.alloc(100 * 2 ** 20), { level: 1 })]],
    ['of many members', new Array<Buffer>(100).fill(gzipSync(Buffer.alloc(2 ** 20)))],
  ])('ends a bomb %s long before it has gone off', async (_, members) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(await outcome(Buffer.concat(members))).toBe('gzip-ratio');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });

  test('lets a small file shrink by any ratio', async () => {
    expect((await unpackThere(gzipSync(Buffer.alloc(2 ** 20)))).ok).toBe(true);
  });
});
