import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { aCanary, holdsCanary } from '../canary.ts';

const canary = aCanary();
const sentence = `раз ${canary} три`;
const bytes = (text: string) => Buffer.from(text);
const hexadecimal = (packed: Uint8Array) => bytes(`{"body": "\\\\x${Buffer.from(packed).toString('hex')}"}`);

describe('a canary is found', () => {
  test.each([
    ['plain', bytes(sentence)],
    ['in capitals', bytes(sentence.toUpperCase())],
    ['in an address', bytes(encodeURIComponent(sentence))],
    ['in JSON with escapes', bytes(JSON.stringify(sentence).replace('ъ', '\\u044a'))],
    ['in a column of bytes', hexadecimal(bytes(sentence))],
    ['packed', gzipSync(sentence)],
    ['packed, in a column of bytes', hexadecimal(gzipSync(sentence))],
    ...[0, 1, 2].map((before): [string, Buffer] => [
      `in base64 after ${before} bytes`,
      bytes(bytes('x'.repeat(before) + sentence).toString('base64')),
    ]),
    ['in base64 for addresses', bytes(bytes(sentence).toString('base64url'))],
  ])('%s', (_, given) => {
    expect(holdsCanary(canary, given)).toBe(true);
  });

  test('and another one is not', () => {
    for (const given of [bytes(sentence), gzipSync(sentence), bytes(bytes(sentence).toString('base64'))]) {
      expect(holdsCanary(aCanary(), given)).toBe(false);
    }
  });
});
