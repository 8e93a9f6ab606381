import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginUpload, removeUpload, sweepUploads, unpackUpload, writePart } from '#lib/archive-uploads.ts';
import { recordingPath } from '#lib/objects/folder.ts';
import { sweepLeftovers } from '#lib/objects/leftovers.ts';
import { inFolder, type ObjectPlace, objectStore, type StoredFile, storeRecording } from '#lib/objects.ts';
import { startS3, type TestS3 } from '../s3.ts';
import { aZip } from '../zip-files.ts';

let s3: TestS3;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rostrum-objects-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const content = Buffer.from('0123456789');
const named = (bytes: Uint8Array): StoredFile => ({
  sha256: createHash('sha256').update(bytes).digest(),
  bytes: bytes.length,
});

/** Bytes that nothing has kept before; large enough to travel in many pieces. */
let made = 0;
function newBytes(size: number): Buffer {
  made += 1;
  return Buffer.alloc(size, `${process.pid} ${made} `);
}

/** Puts other bytes under the key of a recording, behind the store's back. */
const spoiled: Record<string, (file: StoredFile, bytes: Uint8Array) => Promise<void>> = {
  'a folder': async ({ sha256 }, bytes) => writeFileSync(recordingPath(home, sha256), bytes),
  'a bucket': async ({ sha256 }, bytes) => {
    const { sdk, client } = await (await import('#lib/objects/s3-client.ts')).s3At(s3.place);
    const { keyOf } = await import('#lib/objects/s3.ts');
    await client.send(new sdk.PutObjectCommand({ Bucket: 'rostrum', Key: keyOf('recordings', sha256), Body: bytes }));
  },
};

const dayMs = 24 * 60 * 60 * 1000;

/** Files and folders that somebody is writing, or was. */
function unfinished(): string[] {
  const paths = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => /\.part$|objects-[^/]*$/.test(path)).sort();
}

/** A process in the middle of writing an archive, which it never ends. */
async function aWriter(place: ObjectPlace) {
  const program = join(import.meta.dirname, '../endless-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(place)]);
  const exited = once(child, 'exit');
  const begun = once(child.stdout, 'data');
  await Promise.race([begun, exited.then(([code]) => Promise.reject(new Error(`it ended with ${code}`)))]);
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const kinds: [name: string, place: () => ObjectPlace][] = [
  ['a folder', () => inFolder(home)],
  ['a bucket', () => ({ home, s3: s3.place })],
];

describe.each(kinds)('objects in %s', (name, place) => {
  test('are read as they were kept, given as bytes or as a file', async () => {
    const [small, large] = [newBytes(1_000), newBytes(3_000_000)];
    writeFileSync(join(home, 'large'), large);
    const batch = objectStore(place()).openBatch();
    const kept = await Promise.all([batch.keep(small), batch.keep(join(home, 'large'))]);
    await batch.settle();
    expect(kept).toEqual([small, large].map((bytes) => ({ ...named(bytes), isNew: true })));
    for (const bytes of [small, large]) {
      const read = await objectStore(place()).open('recordings', named(bytes));
      expect((await buffer(read)).equals(bytes)).toBe(true);
    }
  });

  test('are written once', async () => {
    const bytes = newBytes(1_000);
    await storeRecording(place(), bytes);
    expect(await objectStore(place()).openBatch().keep(bytes)).toMatchObject({ isNew: false });
  });

  test('are read in parts, both ends included', async () => {
    const file = await storeRecording(place(), content);
    const read = (start: number, end: number) => objectStore(place()).open('recordings', file, { start, end });
    expect(String(await buffer(await read(2, 5)))).toBe('2345');
    expect(String(await buffer(await read(9, 9)))).toBe('9');
  });

  test('that are missing or of another length are not read at all', async () => {
    const missing = named(newBytes(100));
    await expect(objectStore(place()).open('recordings', missing)).rejects.toThrow();
    const file = await storeRecording(place(), newBytes(1_000));
    await spoiled[name]!(file, Buffer.alloc(999));
    await expect(objectStore(place()).open('recordings', file)).rejects.toThrow('999 bytes');
    await expect(objectStore(place()).open('recordings', file, { start: 0, end: 9 })).rejects.toThrow('999 bytes');
  });

  test('an archive is kept whole under its digest, and not at all where its making fails', async () => {
    const pieces = [newBytes(70_000), newBytes(5)];
    const file = await objectStore(place()).keepPieces('archives', Readable.from(pieces));
    expect(file).toEqual(named(Buffer.concat(pieces)));
    expect((await buffer(await objectStore(place()).open('archives', file))).equals(Buffer.concat(pieces))).toBe(true);
    const broken = (async function* () {
      yield newBytes(10);
      throw new Error('a recording is missing');
    })();
    await expect(objectStore(place()).keepPieces('archives', broken)).rejects.toThrow('a recording is missing');
    expect(readdirSync(home, { recursive: true }).filter((path) => /part$|objects-/.test(String(path)))).toEqual([]);
  });

  test('are files for who needs files, and leave none behind', async () => {
    const all = [newBytes(100), newBytes(200)];
    const files = await Promise.all(all.map((bytes) => storeRecording(place(), bytes)));
    const read = await objectStore(place()).withFiles(files, async (paths) => paths.map((path) => readFileSync(path)));
    expect(read).toEqual(all);
    expect(readdirSync(home).includes('scratch') ? readdirSync(join(home, 'scratch')) : []).toEqual([]);
  });

  test('a check passes where objects can be kept', async () => {
    await objectStore(place()).check();
  });

  test('an archive that came in parts is unpacked, and nothing is left of it', async () => {
    const archive = aZip([{ name: 'data/a.txt', content: 'раз' }]);
    await beginUpload(place(), 'one', archive.length, 0);
    await writePart(place(), 'one', 0, archive.subarray(0, 40));
    await writePart(place(), 'one', 40, archive.subarray(40));
    const { folder } = await unpackUpload(place(), 'one', () => {});
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('раз');
    // The control: it stays as long as it is known.
    await sweepUploads(place(), async () => new Set(['one']));
    await unpackUpload(place(), 'one', () => {});
    await sweepUploads(place(), async () => new Set());
    await expect(unpackUpload(place(), 'one', () => {})).rejects.toThrow();
  });

  test('an archive that begins while others are looked through stays', async () => {
    const archive = aZip([{ name: 'a.txt', content: 'раз' }]);
    await sweepUploads(place(), async () => {
      await beginUpload(place(), 'new', archive.length, 0);
      await writePart(place(), 'new', 0, archive);
      return new Set();
    });
    await unpackUpload(place(), 'new', () => {});
    await removeUpload(place(), 'new');
  });

  test('what a process was writing goes once it is dead, and never while it lives, however long it waits', async () => {
    const file = await storeRecording(place(), newBytes(1_000));
    const dying = await aWriter(place());
    const living = await aWriter(place());
    const [first, second] = [unfinished()[0]!, unfinished()[1]!];
    expect([first, second].filter((path) => path.includes(`-${dying.pid}-`))).toHaveLength(1);
    const after = new Date(Date.now() + 365 * dayMs);
    // The control: both live, and a year is no reason.
    expect(await sweepLeftovers(home, after)).toBe(0);
    await dying.kill();
    expect(unfinished()).toHaveLength(2);
    expect(await sweepLeftovers(home, new Date())).toBe(1);
    expect(unfinished().map((path) => path.includes(`-${living.pid}-`))).toEqual([true]);
    await living.kill();
    expect(await sweepLeftovers(home, new Date())).toBe(1);
    expect(unfinished()).toEqual([]);
    expect(await objectStore(place()).findLength('recordings', file.sha256)).toBe(1_000);
  });
});

test('what nobody can say the owner of is left for a day, and what is not ours for good', async () => {
  const mine = ['archives/.ffffffff-1-00000000.1.part', 'recordings/ab/.8d4a.part', 'scratch/objects-Ab12Cd/a'];
  const others = ['import/.8d4a.part', 'recordings/ab/abcd', 'baseline/models/a.part', 'uploads/.1.part'];
  for (const path of [...mine, ...others]) {
    mkdirSync(join(home, dirname(path)), { recursive: true });
    writeFileSync(join(home, path), 'x');
  }
  expect(await sweepLeftovers(home, new Date(Date.now() + dayMs - 60_000))).toBe(0);
  expect(await sweepLeftovers(home, new Date(Date.now() + dayMs + 60_000))).toBe(mine.length);
  expect([...mine, ...others].filter((path) => existsSync(join(home, path)))).toEqual(others);
});

test('bytes that are not those of their name break a download from a bucket off', async () => {
  const place = { home, s3: s3.place };
  const file = await storeRecording(place, newBytes(100_000));
  await spoiled['a bucket']!(file, Buffer.alloc(100_000, 'x'));
  await expect(buffer(await objectStore(place).open('recordings', file))).rejects.toThrow('does not hold the bytes');
  await expect(objectStore(place).withFiles([file], async () => 'used')).rejects.toThrow('does not hold the bytes');
});

test('what is being written while the store is killed is there as a whole once it runs again', async () => {
  const place = { home, s3: s3.place };
  const all = Array.from({ length: 12 }, () => newBytes(2_000_000));
  const batch = objectStore(place).openBatch();
  const each = all.map((bytes) => batch.keep(bytes));
  const keeping = Promise.all(each);
  // One has come through, and the others are under way.
  await Promise.race(each);
  await s3.kill();
  await expect(fetch(s3.place.endpoint)).rejects.toThrow();
  await s3.start();
  await keeping;
  for (const bytes of all) {
    expect((await buffer(await objectStore(place).open('recordings', named(bytes)))).equals(bytes)).toBe(true);
  }
}, 60_000);

test.each([
  ['refused', { keyId: 'nobody' }],
  ['no-bucket', { bucket: 'another' }],
  ['unreachable', { endpoint: 'http://127.0.0.1:1' }],
])('a check says %s where the settings are %o', async (code, wrong) => {
  await expect(objectStore({ home, s3: { ...s3.place, ...wrong } }).check()).rejects.toMatchObject({ code });
});
