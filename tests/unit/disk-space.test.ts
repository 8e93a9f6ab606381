import { describe, expect, test } from 'vitest';
import { isDiskLow, readDiskSpace } from '#lib/disk-space.ts';

const gibibyte = 1024 ** 3;
const disk = (freeGibibytes: number, gibibytes: number) => ({
  freeBytes: freeGibibytes * gibibyte,
  bytes: gibibytes * gibibyte,
});

describe('a disk is low', () => {
  test.each([
    ['under a twentieth', disk(4.9, 100), disk(5, 100)],
    ['however large, under ten gibibytes only', disk(9.9, 2000), disk(10, 2000)],
    ['however small, under one', disk(0.9, 8), disk(1, 8)],
  ])('%s', (_name, low, enough) => {
    expect([isDiskLow(low), isDiskLow(enough)]).toEqual([true, false]);
  });
});

test('a folder’s disk is read, and one that is not there is unknown', async () => {
  const space = await readDiskSpace(import.meta.dirname);
  expect(space!.bytes).toBeGreaterThan(space!.freeBytes);
  expect(await readDiskSpace('/no/such/folder')).toBeNull();
});
