import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listBaselineModels, modelFolder, shippedModel } from '#lib/baseline-models.ts';
import { hasFfmpeg } from '#lib/datasets/ffmpeg.ts';
import { claimBaselineRun, recordRunDone, recordRunProgress } from '#lib/db/baseline-run-jobs.ts';
import { type BaselineRun, createBaselineRun, findRunOf, listBaselineRuns } from '#lib/db/baseline-runs.ts';
import { findBaseline } from '#lib/db/overview.ts';
import { submissionFiles, submissions, utterances } from '#lib/db/schema.ts';
import { sweepWork } from '#lib/db/work-claims.ts';
import { RefusedError } from '#lib/errors.ts';
import { log } from '#lib/log.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { defaultBeamOptions } from '#scoring/baseline/decode.ts';
import { trainLanguageModel } from '#scoring/baseline/kneser-ney.ts';
import { languageModelToBytes } from '#scoring/baseline/language-model-file.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { countWords } from '#scoring/baseline/words.ts';
import { runBaseline } from '#scoring/jobs/run-baseline.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { aCompetition, aTestSplit, aUser } from '../builders.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aWav, samples16 } from '../wav-files.ts';

// Threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let db: TestDatabase;
const home = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-baseline-'));
const folders = { home, s3: null, backend: 'wasm' } as const;
afterAll(() => rmSync(home, { recursive: true }));

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  await writeModel(modelFolder(home, 'ours'), anUntrainedModel(), { card: '# Ours\n', curves: [], recipe: null });
  const texts = ['нажмите один', 'до свидания'];
  const decoding = {
    languageModel: languageModelToBytes(trainLanguageModel(texts, russian, 4)),
    words: countWords(texts),
    options: defaultBeamOptions,
  };
  const papers = { card: '# Spoken\n', curves: [], recipe: null };
  await writeModel(modelFolder(home, 'spoken'), { ...anUntrainedModel(), decoding }, papers);
});

/** A competition whose test recordings are there, each a second of a tone of its own. */
async function aHeardCompetition() {
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
  const rows = await db.owner.select().from(utterances).where(eq(utterances.competitionId, competition.id));
  for (const [i, { id }] of rows.entries()) {
    const tone = Array.from({ length: 8000 }, (_, k) => Math.round(9000 * Math.sin(k * 0.1 * (i + 1))));
    const { sha256, bytes } = await storeRecording(inFolder(home), aWav({ data: samples16(tone) }));
    await db.owner
      .update(utterances)
      .set({ sha256, bytes, seconds: 1 })
      .where(sql`${utterances.competitionId} = ${competition.id} and ${utterances.id} = ${id}`);
  }
  return competition;
}

type Decoding = BaselineRun['decoding'];

async function aRun(
  competitionId: string,
  model = 'ours',
  decoding: Decoding = 'language-model',
): Promise<BaselineRun> {
  const organiser = await aUser(db.owner);
  return createBaselineRun(db.web, { competitionId, split: 'test', model, decoding, name: 'Baseline' }, organiser.id);
}

const stateOf = async ({ id, competitionId }: BaselineRun) =>
  (await listBaselineRuns(db.web, competitionId)).find((row) => row.id === id);

describe('a baseline run', () => {
  test('hands in a text for every utterance by the entry to beat', async () => {
    const { id: competitionId } = await aHeardCompetition();
    const run = await aRun(competitionId);
    await runBaseline(db.scorer, run.id, folders);
    const done = await stateOf(run);
    expect(done).toMatchObject({ state: 'done', failure: null, attempt: 1, done: 10, total: 10, backend: 'wasm' });
    // The model has no language model, whatever was asked for.
    expect(done).toMatchObject({ decoding: 'greedy' });
    expect(await findBaseline(db.web, competitionId, 'test')).toMatchObject({
      id: done!.submissionId,
      name: 'Baseline',
      fileName: 'ours-greedy.csv',
      state: 'queued',
    });
    const [file] = await db.owner
      .select()
      .from(submissionFiles)
      .where(eq(submissionFiles.submissionId, done!.submissionId!));
    expect(file!.content.toString().trim().split('\n')).toHaveLength(11);
  });

  test('decodes as asked, and hands in nothing new where the texts are those of the last one', async () => {
    const { id: competitionId } = await aHeardCompetition();
    const handedIn = [];
    for (const decoding of ['language-model', 'greedy', 'greedy'] as const) {
      const run = await aRun(competitionId, 'spoken', decoding);
      await runBaseline(db.scorer, run.id, folders);
      const done = await stateOf(run);
      expect(done).toMatchObject({ state: 'done', decoding });
      handedIn.push(done!.submissionId);
    }
    const files = await db.owner
      .select({ id: submissions.id, name: submissions.fileName, content: submissionFiles.content })
      .from(submissions)
      .innerJoin(submissionFiles, eq(submissionFiles.submissionId, submissions.id))
      .where(eq(submissions.competitionId, competitionId))
      .orderBy(submissions.sequence);
    expect(files.map(({ name }) => name)).toEqual(['spoken.csv', 'spoken-greedy.csv']);
    expect(handedIn).toEqual([files[0]!.id, files[1]!.id, files[1]!.id]);
    expect(files[0]!.content.equals(files[1]!.content)).toBe(false);
    expect(await findRunOf(db.web, files[0]!.id)).toMatchObject({ model: 'spoken', decoding: 'language-model' });
    const [, second, third] = (await listBaselineRuns(db.web, competitionId)).reverse();
    expect(second!.submissionId).toBe(third!.submissionId);
    expect((await findRunOf(db.web, files[1]!.id))!.id).toBe(third!.id);
    expect(await findRunOf(db.web, competitionId)).toBeNull();
  });

  test('waits for the one that is under way, however many ask at once', async () => {
    const { id: competitionId } = await aHeardCompetition();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => aRun(competitionId)));
    const refused = asked.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(7);
    for (const error of refused) {
      expect(error).toBeInstanceOf(RefusedError);
      expect(error).toMatchObject({ code: 'baseline-running' });
    }
  });

  test('says why there is nothing to hand in', async () => {
    const heard = await aHeardCompetition();
    const unheard = await aTestSplit(db.owner, await aCompetition(db.owner));
    mkdirSync(modelFolder(home, 'broken'), { recursive: true });
    writeFileSync(join(modelFolder(home, 'broken'), 'model.json'), '{}');
    const expected = [
      [heard.id, 'missing', 'model'],
      [heard.id, 'broken', 'model'],
      [unheard.id, 'ours', 'internal'],
    ] as const;
    for (const [competitionId, model, failure] of expected) {
      const run = await aRun(competitionId, model);
      await runBaseline(db.scorer, run.id, folders);
      expect(await stateOf(run), model).toMatchObject({ state: 'failed', failure, submissionId: null });
    }
  });

  test.skipIf(hasFfmpeg())('of what is no WAV says that ffmpeg is missing (skipped where it is not)', async () => {
    const packed = await aHeardCompetition();
    await db.owner.update(utterances).set({ mediaType: 'audio/ogg' }).where(eq(utterances.competitionId, packed.id));
    const run = await aRun(packed.id);
    await runBaseline(db.scorer, run.id, folders);
    expect(await stateOf(run)).toMatchObject({ state: 'failed', failure: 'codec', submissionId: null });
  });

  test('whose worker died is taken over, three times at most, and who lost it hands in nothing', async () => {
    const { id: competitionId } = await aHeardCompetition();
    const run = await aRun(competitionId);
    const claims = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const claim = await claimBaselineRun(db.scorer, run.id, 30);
      expect(claim).toMatchObject({ attempt });
      expect(await claimBaselineRun(db.scorer, run.id, 30)).toBeNull();
      claims.push(claim!);
      await db.owner.execute(sql`update baseline_runs set lease_until = clock_timestamp() where id = ${run.id}`);
      if (attempt < 3) await sweepWork(db.scorer);
    }
    const progress = { done: 0, total: 10, decoding: 'greedy' as const, backend: null, device: null, skipped: [] };
    const file = { bytes: Buffer.from('id,text\n'), sha256: Buffer.alloc(32), fileName: '', note: '', codeLink: null };
    const parsed = { format: 'csv', warnings: [] };
    expect(await recordRunProgress(db.scorer, claims[0]!, progress, 30)).toBe(false);
    await recordRunDone(db.scorer, claims[0]!, { ...file, parsed });
    expect(await findBaseline(db.web, competitionId, 'test')).toBeNull();
    await sweepWork(db.scorer);
    expect(await stateOf(run)).toMatchObject({ state: 'failed', failure: 'internal' });
  });
});

describe('models', () => {
  test('are those of the installation that can be read, by the figure of dev they were chosen by', async () => {
    const models = await listBaselineModels(home);
    const own = models.filter(({ name }) => name !== shippedModel);
    expect(own.map(({ name }) => name)).toEqual(['ours', 'spoken']);
  });

  test('lie in their folder whatever they are called', () => {
    for (const name of ['../../etc', '/etc', '.hidden', '', 'a/b']) expect(() => modelFolder(home, name)).toThrow();
    expect(modelFolder(home, 'v1.2-beam')).toBe(join(home, 'baseline/models/v1.2-beam'));
  });
});
