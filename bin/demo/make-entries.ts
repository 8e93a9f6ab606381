import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modelFolder, shippedModel } from '#lib/baseline-models.ts';
import { csv } from '#lib/csv.ts';
import { fetchRecordedPrompts } from '#lib/datasets/demo-recordings.ts';
import { type DemoSpeech, makeWhole } from '#lib/datasets/demo-speech.ts';
import { synthesisePhrases } from '#lib/datasets/demo-synthesis.ts';
import { ownerEnv } from '#lib/env.ts';
import { datasetClips } from '#scoring/baseline/corpus/recorded.ts';
import type { BaselineModel } from '#scoring/baseline/model.ts';
import { readModel } from '#scoring/baseline/model-folder.ts';
import type { SoundFile } from '#scoring/baseline/sound.ts';
import { createTranscriber } from '#scoring/baseline/transcribe.ts';
import { type DemoFile, demoFilePath, demoModelsPath, narrowBeamWidth } from './entries.ts';
import { fingerprintModel } from './fingerprint.ts';

/*
 * Makes the files that the demo's teams hand in, again, from two models: the shipped one, and one of the same recipe that was
 * trained for a short time (`rostrum baseline train --minutes 12`).
 *
 *   node --import tsx bin/demo/make-entries.ts --early FOLDER [--final FOLDER]
 *
 * ROSTRUM_HOME is where the recordings are, or are fetched to. Of test and dev, only the sound is used. From the
 * recordings, equal models make equal files; one of the synthesiser's voices breathes at random.
 */

type Heard = { readonly id: string; readonly file: SoundFile };
type Kind = DemoSpeech['kind'];

const { values: named } = parseArgs({ options: { early: { type: 'string' }, final: { type: 'string' } } });
if (named.early === undefined)
  throw new Error('--early FOLDER is missing: the model that was trained for a short time');
const { home, backend: wanted } = ownerEnv();
const folders = { early: named.early, final: named.final ?? modelFolder(home, shippedModel) };

const speech: Record<Kind, Heard[]> = {
  recorded: await heardOf('recorded', fetchRecordedPrompts),
  synthesised: await heardOf('synthesised', synthesisePhrases),
};
for (const age of ['early', 'final'] as const) {
  const model = await readModel(folders[age]);
  const { decoding } = model;
  if (decoding === null) throw new Error(`${folders[age]} has no language model`);
  await transcribeAll({ ...model, decoding: null }, `${age}-greedy`);
  await transcribeAll(model, `${age}-beam`);
  if (age === 'early') continue;
  const options = { ...decoding.options, beamWidth: narrowBeamWidth };
  await transcribeAll({ ...model, decoding: { ...decoding, options } }, 'final-narrow');
}
const described = { early: await describeModel(folders.early), final: await describeModel(folders.final) };
await writeFile(demoModelsPath, `${JSON.stringify(described, null, 2)}\n`);

async function heardOf(kind: Kind, make: Parameters<typeof makeWhole>[1]): Promise<Heard[]> {
  const folder = join(home, 'demo', kind);
  let clips = await datasetClips(folder).catch(() => null);
  if (clips === null) {
    await mkdir(join(home, 'demo'), { recursive: true });
    const trouble = await makeWhole(folder, make);
    if (trouble !== null) throw new Error(`no ${kind} speech: ${trouble.code} ${trouble.details}`);
    clips = await datasetClips(folder);
  }
  if (clips.status === 'refused') throw new Error(`${folder} has problems`);
  const { test, dev } = clips.splits;
  return [...test, ...dev].map(({ id, file }) => ({ id, file }));
}

async function transcribeAll(model: BaselineModel, name: DemoFile): Promise<void> {
  const transcriber = await createTranscriber(model, { wanted });
  try {
    for (const kind of ['recorded', 'synthesised'] as const) {
      const texts = await transcriber.transcribe(speech[kind].map(({ file }) => file));
      const rows = speech[kind].map(({ id }, i): [string, string] => [id, texts[i]!]);
      const path = demoFilePath(kind, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, csv(['id', 'text'], rows.sort(byId)).replaceAll('\r\n', '\n'));
      process.stdout.write(`${path}: ${rows.length}\n`);
    }
  } finally {
    await transcriber.close();
  }
}

function byId([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

/** Which model it was, and how much it had heard. */
async function describeModel(folder: string) {
  const { facts } = await readModel(folder);
  return {
    epochs: facts.epochs,
    heardSeconds: Math.round(facts.heardSeconds),
    fingerprint: await fingerprintModel(folder),
  };
}
