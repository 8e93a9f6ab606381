import { createHash } from 'node:crypto';
import type { Competition } from '#lib/competition.ts';
import { type DevFile, type DevUtterance, fingerprintDev, listDevUtterances } from '#lib/db/lab.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { objectStore } from '#lib/objects.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { createThread } from '#lib/thread.ts';
import { type LabRules, normaliserOf } from '#scoring/lab/align.ts';
import type { Analysis } from '#scoring/lab/analysis.ts';
import type { LabComparison } from '#scoring/lab/comparison.ts';
import type { LabFile } from '#scoring/lab/corpus.ts';
import type { SoundPicture } from '#scoring/lab/sound-picture.ts';
import type { LabAnswer, LabTask } from '#scoring/lab/tasks.ts';
import { isProfileName, type Normaliser } from '#scoring/wer/normalise.ts';
import { keepLast } from './keep.ts';

/*
 * What the lab shows, made in a thread and kept for who looks next. Everything kept is bounded by what it weighs.
 */

/** The split with the texts that the thread takes; `key` is another one whenever the split or the rules are. */
export type DevSplit = {
  key: string;
  utterances: readonly DevUtterance[];
  json: string;
  rules: LabRules;
  normaliser: Normaliser;
};

const ask = createThread<LabTask, LabAnswer>('lab-thread', { limitMs: 60_000, mostMegabytes: 1024, mostWaiting: 32 });

/** In characters; a value of its own weight at least, so that many small ones end too. */
const splits = keepLast<DevSplit>(32_000_000, ({ json }) => 10_000 + 2 * json.length);
const analyses = keepLast<Analysis>(32_000_000, ({ hypotheses, words, confusions, deletions, insertions }) => {
  const texts = hypotheses.reduce((sum, text) => sum + text.length, 10_000 + 8 * words.hits.length);
  const errors = [...confusions, ...deletions, ...insertions];
  return errors.reduce((sum, { utterances }) => sum + 100 + 4 * utterances.length, texts);
});
const comparisons = keepLast<LabComparison | null>(200, () => 1);
const pictures = keepLast<SoundPicture | null>(8_000_000, (picture) => 4000 + (picture?.spectrogram.length ?? 0));

/** What is too large to be read for a picture. */
const mostPictureBytes = 32 * 2 ** 20;

export async function devSplit({ id, profile, mapping }: Competition): Promise<DevSplit> {
  if (!isProfileName(profile)) throw new Error(`competition ${id} has an unknown profile "${profile}"`);
  const db = webDatabase();
  const rules = { profile, mapping };
  const ruled = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
  const key = `${id} ${await fingerprintDev(db, id)} ${ruled}`;
  return splits(key, async () => {
    const utterances = await listDevUtterances(db, id);
    return { key, utterances, json: JSON.stringify(utterances), rules, normaliser: normaliserOf(rules) };
  });
}

export function analysisOf(split: DevSplit, file: DevFile): Promise<Analysis> {
  return analyses(`${split.key} ${file.id}`, async () => {
    const task = { kind: 'analysis' as const, utterances: split.json, rules: split.rules, file: await contentOf(file) };
    return (await ask(task)) as Analysis;
  });
}

export function comparisonOf(split: DevSplit, first: DevFile, second: DevFile): Promise<LabComparison | null> {
  return comparisons(`${split.key} ${first.id} ${second.id}`, async () => {
    const files = { first: await contentOf(first), second: await contentOf(second) };
    const task = { kind: 'comparison' as const, utterances: split.json, rules: split.rules, ...files };
    return (await ask(task)) as LabComparison | null;
  });
}

export async function tableOf(split: DevSplit, file: DevFile, as: 'csv' | 'json'): Promise<string> {
  const { json: utterances, rules } = split;
  return (await ask({ kind: 'table', utterances, rules, file: await contentOf(file), as })) as string;
}

/** Waveform and spectrogram of the recording; null where nothing here decodes it, or it is not here. */
export async function pictureOf({ sha256, bytes }: DevUtterance): Promise<SoundPicture | null> {
  if (bytes > mostPictureBytes) return null;
  return pictures(sha256, async () => {
    const recording = { sha256: Buffer.from(sha256, 'hex'), bytes };
    const draw = ([path]: string[]) => ask({ kind: 'picture', path: path! });
    return (await objectStore(webEnv()).withFiles([recording], draw)) as SoundPicture | null;
  });
}

async function contentOf({ id, format }: DevFile): Promise<LabFile> {
  const bytes = await getSubmittedFile(webDatabase(), id);
  return { bytes, format: format !== null && isFormat(format) ? format : undefined };
}
