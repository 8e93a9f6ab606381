import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CheckpointError,
  type CurvePoint,
  readCheckpoint,
  writeCheckpoint,
} from '#scoring/baseline/training/checkpoint.ts';
import { planEpoch } from '#scoring/baseline/training/epochs.ts';
import { createMemory, createTrainingLane } from '#scoring/baseline/training/lanes.ts';
import { type Recipe, usualRecipe } from '#scoring/baseline/training/recipe.ts';
import { train } from '#scoring/baseline/training/trainer.ts';
import { loadUtterances, secondsOf, TooMuchSpeechError } from '#scoring/baseline/training/utterances.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { backends } from '../networks.ts';
import { toneClip, toneTexts } from '../tones.ts';

const tinyRecipe: Recipe = {
  ...usualRecipe,
  shape: { ...usualRecipe.shape, channels: 24, dilations: [1, 1] },
  length: { kind: 'epochs', count: 40 },
  schedule: { ...usualRecipe.schedule, learningRate: 0.01, warmUpSteps: 10 },
  dropout: 0,
  variedShare: 0,
  averageKept: 0.8,
  batchFrames: 60,
  batchesPerStep: 1,
};

type Changes = Partial<Recipe> & { checkpointFile?: string; lanes?: number; stopAfter?: number; resumes?: boolean };

/** A whole training on 8 utterances, which are dev as well: only learning by heart is asked for here. */
async function trainOnTones({ checkpointFile, lanes = 1, stopAfter, resumes, ...changes }: Changes) {
  const tf = await backends[0]![1]();
  const recipe = { ...tinyRecipe, ...changes };
  const { utterances } = await loadUtterances(
    toneTexts.map((text) => toneClip(text)),
    russian,
  );
  const memory = createMemory(recipe, russian.symbols, utterances, utterances);
  let steps = 0;
  let seconds = 0;
  return train({
    recipe,
    memory,
    lanes: Array.from({ length: lanes }, () => createTrainingLane(tf, memory)),
    data: 'tones',
    checkpointFile: checkpointFile ?? null,
    resumed: resumes ? await readCheckpoint(checkpointFile!) : null,
    onProgress() {
      if (++steps === stopAfter) throw new Error('pulled the plug');
    },
    // A minute passes at each look, so that every step is written down.
    clock: () => (seconds += 60),
  });
}

describe('training', () => {
  test('learns eight utterances by heart', async () => {
    const { state } = await trainOnTones({});
    expect(state.curve.at(-1)!.dev).toMatchObject({ characterErrorRate: 0, wordErrorRate: 0 });
    expect(state.curve.at(-1)!.trainLoss).toBeLessThan(0.2 * state.curve[0]!.trainLoss);
  }, 20_000);

  test('learns nothing at a learning rate of zero', async () => {
    const { state } = await trainOnTones({
      schedule: { ...tinyRecipe.schedule, learningRate: 0 },
      length: { kind: 'epochs', count: 5 },
    });
    expect(state.curve.at(-1)!.dev!.characterErrorRate).toBeGreaterThan(0.8);
    expect(state.curve.at(-1)!.trainLoss).toBeCloseTo(state.curve[0]!.trainLoss, 3);
  }, 20_000);

  test('ends early where dev becomes no better', async () => {
    const { state } = await trainOnTones({
      schedule: { ...tinyRecipe.schedule, learningRate: 0 },
      length: { kind: 'epochs', count: 50 },
      patience: 3,
    });
    expect(state.epoch).toBe(4);
    expect(state.best!.epoch).toBe(1);
  }, 20_000);

  test('says so when it diverges', async () => {
    const wild = { ...tinyRecipe.schedule, learningRate: 1e30, warmUpSteps: 0 };
    await expect(trainOnTones({ schedule: wild, optimiser: 'sgd' })).rejects.toThrow('diverged');
  }, 20_000);
});

describe('the seed', () => {
  const short: Changes = {
    length: { kind: 'epochs', count: 2 },
    variedShare: 0.5,
    dropout: 0.2,
    batchFrames: 60,
    batchesPerStep: 3,
  };

  test('makes the same weights again, whatever the number of lanes', async () => {
    const first = await trainOnTones(short);
    const again = await trainOnTones({ ...short, lanes: 2 });
    const other = await trainOnTones({ ...short, seed: 2 });
    expect(again.weights).toEqual(first.weights);
    expect(other.weights).not.toEqual(first.weights);
  }, 20_000);
});

describe('a checkpoint', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostrum-checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const short: Changes = {
    length: { kind: 'epochs', count: 2 },
    variedShare: 0.5,
    dropout: 0.2,
    batchFrames: 60,
    batchesPerStep: 2,
  };

  test('lets a training that was cut off end as if it had not been', async () => {
    for (const optimiser of ['adam', 'momentum'] as const) {
      const checkpointFile = join(folder, optimiser);
      const undisturbed = await trainOnTones({ ...short, optimiser });
      await expect(trainOnTones({ ...short, optimiser, checkpointFile, stopAfter: 4 })).rejects.toThrow('plug');
      const resumed = await trainOnTones({ ...short, optimiser, checkpointFile, resumes: true });
      expect(resumed.weights).toEqual(undisturbed.weights);
      expect(withoutTimes(resumed.state.curve)).toEqual(withoutTimes(undisturbed.state.curve));
    }
  }, 20_000);

  test('that is damaged is refused', async () => {
    const path = join(folder, 'damaged');
    await trainOnTones({ ...short, length: { kind: 'epochs', count: 1 }, checkpointFile: path });
    const bytes = await readFile(path);
    const whole = join(folder, 'whole');
    await writeFile(whole, bytes);
    await expect(readCheckpoint(path)).resolves.toMatchObject({ state: { epoch: 1 } });
    for (const change of [bytes.subarray(0, bytes.length - 4), flipped(bytes, bytes.length - 9), flipped(bytes, 9)]) {
      await writeFile(path, change);
      await expect(readCheckpoint(path)).rejects.toThrow(CheckpointError);
    }
    await expect(readCheckpoint(join(folder, 'nowhere'))).rejects.toMatchObject({ reason: 'absent' });
    const checkpoint = await readCheckpoint(whole);
    await expect(writeCheckpoint(join(folder, 'no/folder'), checkpoint)).rejects.toMatchObject({
      reason: 'unwritable',
    });
  }, 20_000);
});

function withoutTimes(curve: readonly CurvePoint[]): object[] {
  return curve.map(({ seconds, ...point }) => point);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 0x40;
  return changed;
}

describe('an epoch', () => {
  const options = { seed: 3, epoch: 0, recordedShare: 0.5, syntheticTaken: 0, batchSeconds: 3 };

  async function mixedUtterances() {
    const synthetic = ['он', 'тон', 'нота', 'енот', 'кино', 'окно', 'и кто тут'];
    const clips = [...toneTexts.map((text) => toneClip(text)), ...synthetic.map((text) => toneClip(text, 'synthetic'))];
    return (await loadUtterances([...clips, toneClip('12')], russian)).utterances;
  }

  test('brings every recording once and synthetic speech by its share', async () => {
    const utterances = await mixedUtterances();
    const { batches } = planEpoch(utterances, options);
    const heard = batches.flat();
    const seconds = (isRecorded: boolean) =>
      heard
        .filter((index) => utterances.isRecorded[index] === isRecorded)
        .reduce((sum, index) => sum + secondsOf(utterances, index), 0);
    for (const index of toneTexts.keys()) expect(heard.filter((other) => other === index)).toHaveLength(1);
    expect(Math.abs(seconds(true) - seconds(false))).toBeLessThan(1.2);
  });

  test('goes round through the synthetic speech evenly', async () => {
    const utterances = await mixedUtterances();
    const counts = new Map<number, number>();
    let syntheticTaken = 0;
    for (let epoch = 0; epoch < 20; epoch++) {
      const plan = planEpoch(utterances, { ...options, recordedShare: 0.8, epoch, syntheticTaken });
      syntheticTaken = plan.syntheticTaken;
      for (const index of plan.batches.flat()) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const synthetic = [...counts].filter(([index]) => index >= toneTexts.length).map(([, count]) => count);
    expect(Math.max(...synthetic) - Math.min(...synthetic)).toBeLessThanOrEqual(1);
  });

  test('differs from the one before, and from the same of another seed', async () => {
    const utterances = await mixedUtterances();
    const order = (changes: object) => planEpoch(utterances, { ...options, ...changes }).batches.join('|');
    expect(order({})).toBe(order({}));
    expect(order({ epoch: 1 })).not.toBe(order({}));
    expect(order({ seed: 4 })).not.toBe(order({}));
  });

  test('has batches of bounded length', async () => {
    const utterances = await mixedUtterances();
    for (const batch of planEpoch(utterances, options).batches) {
      const longest = Math.max(...batch.map((index) => secondsOf(utterances, index)));
      expect(batch.length * longest).toBeLessThanOrEqual(3);
    }
  });
});

test('texts that cannot be spelled are left out and told', async () => {
  const loaded = await loadUtterances([toneClip('кот'), toneClip('тон 2'), toneClip('…')], russian);
  expect(loaded.utterances.texts).toEqual(['кот']);
  expect(loaded.unspelled).toEqual(['тон 2', '…']);
});

test('more speech than fits into memory is refused before it is read', async () => {
  const readSamples = () => Promise.reject(new Error('was read'));
  const endless = { ...toneClip('кот'), seconds: 51 * 3600, readSamples };
  await expect(loadUtterances([endless], russian)).rejects.toThrow(TooMuchSpeechError);
});
