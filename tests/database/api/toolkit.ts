import { type ExecFileException, execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receipt } from '#lib/api/answers.ts';
import { buildArchive } from '#lib/archives.ts';
import { archives, utterances } from '#lib/db/schema.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { aPredictionsFile, tenUtterances } from '../../builders.ts';
import type { TestSite } from '../../site.ts';
import { aWav, samples16 } from '../../wav-files.ts';
import { aContest, type Contest } from './contest.ts';

const program = new URL('../../../public/toolkit/rostrum.py', import.meta.url).pathname;
const notebook = new URL('../../../public/toolkit/first-recogniser.ipynb', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasTorch = spawnSync('python3', ['-c', 'import torch']).status === 0;

/** `rostrum.py` as a team runs it, against the server. */
export function testToolkit(site: () => TestSite): void {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-toolkit-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  type Outcome = { status: number; stdout: string; stderr: string };
  const run = (contest: Contest, args: string[], token?: string) => runPython(contest, [program, ...args], token);
  const runPython = ({ competition, call }: Contest, args: string[], token = call.token): Promise<Outcome> => {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      EPOCHS: '1',
      ROSTRUM_URL: site().origin,
      ROSTRUM_COMPETITION: competition.slug,
      ROSTRUM_TOKEN: token,
    };
    return new Promise<Outcome>((resolve) => {
      execFile(
        'python3',
        args,
        { env, cwd: folder },
        (error: ExecFileException | null, stdout: string, stderr: string) =>
          resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  };

  describe.skipIf(!hasPython)('rostrum.py (skipped where there is no python3)', () => {
    const sound = randomBytes(300_000);
    let contest: Contest;
    let archive: Awaited<ReturnType<typeof buildArchive>>;
    beforeAll(async () => {
      contest = await aContest(site());
      const { owner, home } = site();
      await storeRecording(inFolder(home), sound);
      const sha256 = createHash('sha256').update(sound).digest();
      const one = { id: 't-1', fileName: 'one.wav', sha256, bytes: sound.length, seconds: 2.5, reference: 'раз' };
      archive = await buildArchive(inFolder(home), 'train', [{ ...one, alternatives: [], slices: {} }]);
      const competitionId = contest.competition.id;
      const row = { ...one, competitionId, split: 'train', position: 0, mediaType: 'audio/wav' } as const;
      await owner.insert(utterances).values(row);
      await owner.insert(archives).values({ competitionId, split: 'train', ...archive });
    });

    const download = (to: string) => run(contest, ['download', 'train', '--to', to]);
    const brought = (to: string) => readFileSync(join(folder, to, 'train/one.wav')).equals(sound);
    const partOf = (to: string) => join(folder, to, `${archive.sha256.toString('hex').slice(0, 16)}.zip.part`);

    test('brings a split, and does nothing where it is there', async () => {
      expect(await download('fresh')).toEqual({ status: 0, stdout: 'fresh/train\n', stderr: '' });
      expect(brought('fresh')).toBe(true);
      expect(readFileSync(join(folder, 'fresh/train/manifest.csv'), 'utf8')).toContain('t-1,one.wav,train,2.5,раз');
      writeFileSync(join(folder, 'fresh/train/one.wav'), 'mine');
      expect(await download('fresh')).toMatchObject({ status: 0 });
      expect(readFileSync(join(folder, 'fresh/train/one.wav'), 'utf8')).toBe('mine');
    });

    test('goes on where a download was cut off', async () => {
      mkdirSync(join(folder, 'resumed'));
      const whole = Buffer.from(
        await (await contest.call(`/competitions/${contest.competition.slug}/data/train.zip`)).arrayBuffer(),
      );
      writeFileSync(partOf('resumed'), whole.subarray(0, 100_000));
      expect(await download('resumed')).toMatchObject({ status: 0 });
      expect(brought('resumed')).toBe(true);
    });

    test('fetches anew what does not have the announced SHA-256', async () => {
      mkdirSync(join(folder, 'damaged'));
      writeFileSync(partOf('damaged'), randomBytes(100_000));
      expect(await download('damaged')).toMatchObject({ status: 0 });
      expect(brought('damaged')).toBe(true);
    });

    test('uploads a file, and the same file again for nothing', async () => {
      writeFileSync(join(folder, 'predictions.csv'), aPredictionsFile());
      const submit = async () => {
        const outcome = await run(contest, ['submit', 'predictions.csv', '--note', 'проба', '--no-wait']);
        expect(outcome).toMatchObject({ status: 0, stderr: '' });
        return receipt.parse(JSON.parse(outcome.stdout));
      };
      const first = await submit();
      expect(await submit()).toMatchObject({ id: first.id });
      expect(await contest.stored()).toMatchObject([{ id: first.id, fileName: 'predictions.csv', note: 'проба' }]);
    });

    test('passes on what the server finds wrong with a file', async () => {
      writeFileSync(join(folder, 'wrong.csv'), 'id,text\nnobody,да\n');
      const { status, stderr } = await run(contest, ['submit', 'wrong.csv']);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^wrong\.csv:2:1: id-unknown: /);
    });

    test('says why it is refused', async () => {
      expect(await run(contest, ['status'], 'rst_wrong')).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/^unauthenticated: /),
      });
    });

    test('finds the text of every utterance before it is sent', async () => {
      writeFileSync(join(folder, 'ids.csv'), 'id,duration\na,1\nb,1\n');
      writeFileSync(join(folder, 'short.csv'), 'id,text\na,да\n');
      const { status, stderr } = await run(contest, ['validate', 'short.csv', '--ids', 'ids.csv']);
      expect([status, stderr]).toEqual([1, 'short.csv:0:0: id-missing: no text for "b"; an empty one is legal\n']);
    });

    test.skipIf(!hasTorch)(
      'is used by the notebook from data to predictions (skipped where there is no torch)',
      async () => {
        const heard = await aHeardContest(site());
        copyFileSync(program, join(folder, 'rostrum.py'));
        const cells = `import json
for cell in json.load(open(${JSON.stringify(notebook)}))["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]))`;
        const { status, stdout, stderr } = await runPython(heard, ['-c', cells]);
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).toMatch(/epoch 1: loss \d/);
        const predictions = readFileSync(join(folder, 'predictions.csv'));
        expect((await heard.upload(predictions)).status).toBe(201);
      },
      120_000,
    );
  });
}

const tones = Array.from({ length: 8000 }, (_, i) => Math.round(8000 * Math.sin(i * (i < 4000 ? 0.3 : 0.9))));

/** A contest whose recordings are there to be heard: a second of two tones each. */
export async function aHeardContest({ owner, home, ...rest }: TestSite): Promise<Contest> {
  const contest = await aContest({ owner, home, ...rest });
  const competitionId = contest.competition.id;
  const sound = Buffer.from(aWav({ data: samples16(tones) }));
  await storeRecording(inFolder(home), sound);
  const sha256 = createHash('sha256').update(sound).digest();
  for (const split of ['train', 'dev', 'test'] as const) {
    const ids = split === 'test' ? tenUtterances.map(({ id }) => id) : ['a', 'b', 'c'].map((id) => `${split}-${id}`);
    const rows = ids.map((id) => ({
      id,
      fileName: `${id}.wav`,
      sha256,
      bytes: sound.length,
      seconds: 1,
      reference: split === 'test' ? null : 'да нет',
      alternatives: [],
      slices: {},
    }));
    const archive = await buildArchive(inFolder(home), split, rows);
    await owner.insert(archives).values({ competitionId, split, ...archive });
    const stored = rows.map((row, position) => ({ ...row, competitionId, split, position, mediaType: 'audio/wav' }));
    if (split !== 'test') await owner.insert(utterances).values(stored);
  }
  return contest;
}
