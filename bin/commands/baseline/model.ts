import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { modelFolder, shippedModel } from '#lib/baseline-models.ts';
import { ownerEnv } from '#lib/env.ts';
import type { MessageKey, Translate } from '#lib/messages/translate.ts';
import { openDecoding } from '#scoring/baseline/decode.ts';
import type { BaselineModel } from '#scoring/baseline/model.ts';
import { ModelFolderError, readModel } from '#scoring/baseline/model-folder.ts';
import { createTranscriber, type Transcriber, usualThreads } from '#scoring/baseline/transcribe.ts';
import { createVocabulary } from '#scoring/baseline/vocabulary.ts';
import type { RungRefusal } from '#scoring/runtime/rung.ts';
import { type Backend, NoRuntimeError, type Skip } from '#scoring/runtime.ts';
import { printError } from '../explain.ts';
import { UnmetNeedError } from '../problems.ts';

export type ModelOptions = { model?: string; greedy?: true };

export function withModelOptions(command: Command, t: Translate): Command {
  return command.option('--model <folder>', t('baseline.option-model')).option('--greedy', t('baseline.option-greedy'));
}

/** Of the model that is named, or else of the one that comes with Rostrum. */
export function folderOf({ model }: ModelOptions): string {
  return model === undefined ? modelFolder(ownerEnv().home, shippedModel) : resolve(model);
}

/** The model that is named, or else the one that comes with Rostrum. Throws UnmetNeedError with what to do. */
export async function loadModel(options: ModelOptions, t: Translate): Promise<BaselineModel> {
  const folder = folderOf(options);
  if (options.model === undefined && !existsSync(join(folder, 'model.json'))) {
    throw new UnmetNeedError([t('baseline.no-shipped-model')]);
  }
  try {
    const model = await readModel(folder);
    // Here rather than in a thread, where a broken part could only be told as an error of the program.
    const vocabulary = createVocabulary(model.symbols);
    if (model.decoding !== null) openDecoding(model.decoding, vocabulary);
    return options.greedy ? { ...model, decoding: null } : model;
  } catch (error) {
    if (error instanceof ModelFolderError) {
      throw new UnmetNeedError([t(`baseline.model-${error.code}`, { path: error.path, ...error.values })]);
    }
    throw new UnmetNeedError([t('baseline.model-unusable', { path: folder, reason: (error as Error).message })]);
  }
}

/** Makes the model ready for so many recordings. */
export function openTranscriber(model: BaselineModel, recordings: number, t: Translate): Promise<Transcriber> {
  const threads = Math.min(recordings, usualThreads);
  return openingAloud((wanted) => createTranscriber(model, { wanted, threads }), t);
}

type Opened = { readonly backend: Backend; readonly device: string; readonly skipped: readonly Skip[] };

/** Opens on what ROSTRUM_BACKEND asks for or the first rung that can be used, and says which it is and why not others. */
export async function openingAloud<Result extends Opened>(
  open: (wanted: Backend | null) => Promise<Result>,
  t: Translate,
): Promise<Result> {
  const wanted = ownerEnv().backend;
  try {
    const opened = await open(wanted);
    const { backend, device, skipped } = opened;
    for (const skip of skipped) {
      // That a package is not there is no news: most machines have none of them.
      if (skip.refusal.code !== 'not-installed') printError(skippedSentence(skip, t));
    }
    printError(t('baseline.computing-on', { backend, device }));
    return opened;
  } catch (error) {
    if (!(error instanceof NoRuntimeError)) throw error;
    const [first] = error.skipped;
    if (wanted !== null && first) {
      const reason = refusalSentence(first.refusal, t);
      throw new UnmetNeedError([t('baseline.no-rung', { backend: wanted, reason })]);
    }
    const reasons = error.skipped.map((skip) => `  ${skippedSentence(skip, t)}`);
    throw new UnmetNeedError([t('baseline.no-rung-at-all'), ...reasons]);
  }
}

export function refusalSentence({ code, details }: RungRefusal, t: Translate): string {
  return t(`baseline.rung-${code}` satisfies MessageKey, { details: details || 'none' });
}

function skippedSentence({ backend, refusal }: Skip, t: Translate): string {
  return t('baseline.rung-skipped', { backend, reason: refusalSentence(refusal, t) });
}
