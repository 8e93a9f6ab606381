import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildArchive } from '#lib/archives.ts';
import { archives, utterances } from '#lib/db/schema.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { aClientMachine, type ClientMachine } from '../../client-program.ts';
import type { TestSite } from '../../site.ts';
import { anUnsteadyLine, type Fault, type UnsteadyLine } from '../../unsteady-line.ts';
import { eventually } from '../../workers.ts';
import { aContest, type Contest } from './contest.ts';

const recordingBytes = 350_000;
const names = ['a.wav', 'b.wav', 'разговор/в.wav', 'разговор/г.wav', 'deep/er/e.wav', 'f.wav'];
const totalBytes = names.length * recordingBytes;
/** Whether a file system of our own size can be had here. */
const hasMounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** `rostrum data download`, on lines that break and disks that are full. */
export function testClientDownloads(site: () => TestSite): void {
  const sounds = new Map(names.map((name) => [name, randomBytes(recordingBytes)]));
  let contest: Contest;
  let line: UnsteadyLine;
  let machine: ClientMachine;

  beforeAll(async () => {
    contest = await aContest(site());
    const { owner, home, origin } = site();
    const competitionId = contest.competition.id;
    const rows = [...sounds].map(([fileName, bytes], i) => ({
      id: `t-${i}`,
      fileName,
      sha256: createHash('sha256').update(bytes).digest(),
      bytes: bytes.length,
      seconds: 2.5,
      reference: 'раз',
      alternatives: [],
      slices: {},
    }));
    for (const bytes of sounds.values()) await storeRecording(inFolder(home), bytes);
    const archive = await buildArchive(inFolder(home), 'train', rows);
    const split = 'train' as const;
    await owner
      .insert(utterances)
      .values(rows.map((row, position) => ({ ...row, competitionId, split, position, mediaType: 'audio/wav' })));
    await owner.insert(archives).values({ competitionId, split, ...archive });
    line = await anUnsteadyLine(origin);
    machine = aClientMachine({
      ROSTRUM_URL: line.origin,
      ROSTRUM_TOKEN: contest.call.token,
      ROSTRUM_COMPETITION: contest.competition.slug,
    });
  });
  afterAll(async () => {
    machine.remove();
    await line.close();
  });
  beforeEach(() => {
    line.fault = () => null;
    line.passed = 0;
    line.asked = [];
  });

  const args = (to: string, ...more: string[]) => ['data', 'download', '--split', 'train', '--to', to, ...more];
  const download = (to: string, ...more: string[]) => machine.run(args(to, ...more));
  const pathOf = (to: string, name: string) => join(machine.folder, to, 'train', name);
  const isWhole = (to: string) => names.every((name) => readFileSync(pathOf(to, name)).equals(sounds.get(name)!));
  /** Requests for the archive meet faults, one after another, the last of them for ever. */
  const onArchive = (...faults: (Fault | null)[]) => {
    line.fault = ({ url = '' }) => {
      if (!url.endsWith('train.zip')) return null;
      return faults.length > 1 ? faults.shift()! : faults[0]!;
    };
  };
  const left = (to: string) => readdirSync(join(machine.folder, to)).sort();

  test('brings a split as the archive has it, and nothing twice', async () => {
    expect(await download('fresh')).toEqual({
      code: 0,
      out: 'train: 6 files in fresh/train. 6 were fetched, 2.1 MB.\n',
      err: '',
    });
    expect(isWhole('fresh')).toBe(true);
    expect(readFileSync(pathOf('fresh', 'manifest.csv'), 'utf8')).toContain('t-2,разговор/в.wav,train,2.5,раз');
    expect(left('fresh')).toEqual(['train']);
    line.passed = 0;
    expect((await download('fresh')).out).toContain('All of it was there already.');
    expect(line.passed).toBeLessThan(recordingBytes / 10);
  });

  test('fetches a damaged and a missing recording again, and those alone', async () => {
    await download('mended');
    const path = pathOf('mended', 'a.wav');
    const bytes = readFileSync(path);
    bytes[1000]! ^= 1;
    writeFileSync(path, bytes);
    rmSync(pathOf('mended', 'разговор/г.wav'));
    line.asked = [];
    expect((await download('mended')).out).toContain('2 were fetched, 0.7 MB.');
    expect(isWhole('mended')).toBe(true);
    const fetched = line.asked.filter((asked) => /\/data\/(files\/|train\.zip)/.test(asked));
    expect(new Set(fetched.map((asked) => asked.split('/').at(-1)))).toEqual(new Set(['t-0', 't-3']));
  });

  test('goes on where it was killed', async () => {
    rmSync(join(machine.folder, 'killed'), { recursive: true, force: true });
    onArchive(null, null, null, null, null, null, { kind: 'stalled', afterBytes: 1000 });
    const { child, ended } = machine.start(args('killed'));
    const done = () => {
      const kept = left('killed').find((name) => name.endsWith('.part.json'));
      return kept === undefined
        ? 0
        : JSON.parse(readFileSync(join(machine.folder, 'killed', kept), 'utf8')).done.length;
    };
    await eventually(20, async () => existsSync(join(machine.folder, 'killed')) && done() >= 4);
    child.kill('SIGKILL');
    await ended;
    line.fault = () => null;
    line.passed = 0;
    expect(await download('killed')).toMatchObject({ code: 0, err: '' });
    expect(isWhole('killed')).toBe(true);
    expect(line.passed).toBeLessThan(totalBytes - 4 * 2 ** 18 + 100_000);
    expect(left('killed')).toEqual(['train']);
  });

  test('comes to its end on a line that breaks all the time', async () => {
    onArchive({ kind: 'cut', afterBytes: 100_000 });
    expect(await download('broken')).toMatchObject({ code: 0, err: '' });
    expect(isWhole('broken')).toBe(true);
    expect(line.asked.filter((asked) => asked.endsWith('.zip')).length).toBeGreaterThan(18);
  });

  test('fetches once more what was damaged on the way, and says so where it always is', async () => {
    onArchive(null, { kind: 'damaged' }, null);
    expect(await download('damaged')).toMatchObject({ code: 0, err: '' });
    expect(isWhole('damaged')).toBe(true);
    onArchive({ kind: 'damaged' });
    const { code, err } = await download('hopeless');
    expect([code, err]).toEqual([3, expect.stringMatching(/train\.zip is not what the server announced/)]);
    expect(left('hopeless')).toEqual([]);
  });

  test('two at once into one folder do the work of one', async () => {
    const both = await Promise.all([download('both'), download('both')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(isWhole('both')).toBe(true);
    expect(line.passed).toBeLessThan(1.5 * totalBytes);
  });

  test('brings recordings one by one, or the archive as it is', async () => {
    expect((await download('single', '--files')).code).toBe(0);
    expect(isWhole('single')).toBe(true);
    expect(line.asked.some((asked) => asked.endsWith('.zip'))).toBe(false);
    expect((await download('packed', '--archive', '--json')).code).toBe(0);
    expect(left('packed')).toEqual(['train.zip']);
  });

  test('lays nothing down outside of its folder, whatever a server says', async () => {
    const file = {
      id: 'x',
      split: 'train',
      path: '../evil.wav',
      seconds: 1,
      bytes: 3,
      sha256: '0'.repeat(64),
      url: '/x',
    };
    const body = JSON.stringify({ files: [file], archives: [], manifests: [], sampleSubmission: null });
    const headers = { 'Content-Type': 'application/json' };
    line.fault = ({ url = '' }) => (url.includes('?split=') ? { kind: 'instead', status: 200, headers, body } : null);
    expect((await download('inner/most', '--files')).code).toBe(3);
    expect(left('inner')).toEqual(['most']);
  });

  test('says that a file cannot become as large, and goes on when it can', async () => {
    const through = ['bash', '-c', 'ulimit -f 1000; exec "$@"', 'bash'];
    const { code, err } = await machine.run(args('small'), { through });
    expect([code, err]).toEqual([3, expect.stringMatching(/^small\/\.train-.* cannot be written: no file may become/)]);
    expect(await download('small')).toMatchObject({ code: 0, err: '' });
    expect(isWhole('small')).toBe(true);
  });

  test.skipIf(!hasMounts)(
    'says how much room is missing before it begins (skipped where nothing may be mounted)',
    async () => {
      mkdirSync(join(machine.folder, 'tiny'));
      const mount = 'mount -t tmpfs -o size=3m tmpfs tiny && exec "$@"';
      const { code, err } = await machine.run(args('tiny'), { through: ['unshare', '-rm', 'sh', '-c', mount, 'sh'] });
      expect([code, err]).toEqual([3, expect.stringMatching(/^tiny needs 4\.2 MB, and the disk has [\d.]+ MB free\./)]);
      expect(line.asked.some((asked) => asked.endsWith('.zip'))).toBe(false);
    },
  );
}
