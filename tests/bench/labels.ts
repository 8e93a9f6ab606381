import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorsOf } from '#lib/counts.ts';
import { recordedClips } from '#scoring/baseline/corpus/recorded.ts';
import { auditLabels, strengthOf } from '#scoring/labels/audit.ts';
import type { Outputs } from '#scoring/labels/systems.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { scoreWords } from '#scoring/wer/score.ts';
import { type DemoFile, demoFilePath } from '../../bin/demo/entries.ts';
import type { Figure } from './measure.ts';
import { type CorpusShape, plantWrongLabels, simulateCorpus } from './planted-labels.ts';
import { mean } from './simulated.ts';

const wrongShare = 0.02;
const shown = 50;
const rounds = { demo: 40, madeUp: 8 };
const demoFiles: readonly DemoFile[] = ['early-greedy', 'early-beam', 'final-greedy', 'final-beam', 'final-narrow'];

/** Error rates of eight systems that learned apart from each other, and of eight of which each goes on from the one before. */
const eight: CorpusShape = {
  utterances: 1000,
  rates: [0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25],
  sameSound: 0.5,
  likeTheOneBefore: 0,
};
const family: CorpusShape = { ...eight, likeTheOneBefore: 0.6 };

type Corpus = { truths: readonly Words[]; systems: readonly Outputs[] };

/**
 * How many of 2 % planted wrong labels (a word substituted, dropped or inserted, the text of another utterance) an organiser meets
 * who listens to what the audit puts first. Listening by error rate, which asks for no agreement, is measured beside it.
 */
export async function labels(): Promise<Figure[]> {
  const simulated = (shape: CorpusShape) => (seed: number) => simulateCorpus(shape, createRandom(1000 + seed));
  return [
    ...(await figuresOf('1,000 utterances, 8 systems at 10–25 %', rounds.madeUp, simulated(eight), true)),
    ...(await figuresOf('the same, systems that build on each other', rounds.madeUp, simulated(family), false)),
    ...(await demoFigures()),
  ];
}

/** Dev and test of the demo, as our own models heard them; nothing of the texts is printed. */
async function demoFigures(): Promise<Figure[]> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-bench-'));
  try {
    const clips = await recordedClips(home);
    if (clips.status !== 'read') throw new Error('no recordings');
    const utterances = [...clips.splits.test, ...clips.splits.dev];
    const corpus = {
      truths: utterances.map(({ text }) => normalise(text, 'ru-yo')),
      systems: demoFiles.map((file) => {
        const texts = readTexts(file);
        return utterances.map(({ id }) => normalise(texts.get(id) ?? '', 'ru-yo'));
      }),
    };
    return figuresOf(`the demo's ${utterances.length}, 5 outputs of 2 models`, rounds.demo, () => corpus, false);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function readTexts(file: DemoFile): Map<string, string> {
  const lines = readFileSync(demoFilePath('recorded', file), 'utf8').trimEnd().split('\n').slice(1);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(',')), line.slice(line.indexOf(',') + 1)]));
}

type Found = { recall: number; precision: number; ofPlanted: number };

/** Means over the rounds. `isHeld`: to bounds, so that the control must fail them. */
async function figuresOf(
  where: string,
  count: number,
  corpusOf: (seed: number) => Corpus,
  isHeld: boolean,
): Promise<Figure[]> {
  const audit: Found[] = [];
  const control: Found[] = [];
  const strong = { all: 0, planted: 0 };
  for (let seed = 0; seed < count; seed += 1) {
    const { truths, systems } = corpusOf(seed);
    const planting = plantWrongLabels(truths, Math.round(wrongShare * truths.length), createRandom(seed));
    const { suspects } = await auditLabels({ labels: planting.labels.map((label) => [label]), systems });
    audit.push(
      found(
        suspects.map(({ utterance }) => utterance),
        planting.wrong,
      ),
    );
    for (const { utterance, logOdds } of suspects) {
      if (strengthOf(logOdds) !== 'strong') continue;
      strong.all += 1;
      if (planting.wrong.has(utterance)) strong.planted += 1;
    }
    control.push(found(byErrorRate(planting.labels, systems), planting.wrong));
  }
  const percent = (what: string, all: readonly Found[], key: keyof Found): Figure => ({
    what: `${where}: ${what}`,
    value: 100 * mean(all.map((one) => one[key])),
    unit: '%',
  });
  return [
    { ...percent('planted among the first 50', audit, 'recall'), ...(isHeld ? { least: 90 } : {}) },
    percent('of the first 50, planted', audit, 'precision'),
    {
      what: `${where}: of strong evidence, planted`,
      value: (100 * strong.planted) / Math.max(1, strong.all),
      unit: '%',
    },
    { ...percent('of as many as planted, planted', audit, 'ofPlanted'), ...(isHeld ? { least: 80 } : {}) },
    { ...percent('planted among the first 50, by WER', control, 'recall'), ...(isHeld ? { most: 90 } : {}) },
    percent('of as many as planted, planted, by WER', control, 'ofPlanted'),
  ];
}

function found(ranked: readonly number[], wrong: ReadonlySet<number>): Found {
  const among = (first: number) => ranked.slice(0, first).filter((u) => wrong.has(u)).length;
  return {
    recall: among(shown) / wrong.size,
    precision: among(shown) / shown,
    ofPlanted: among(wrong.size) / wrong.size,
  };
}

/** Mean error rate of all systems against the label, highest first. */
function byErrorRate(labels: readonly Words[], systems: readonly Outputs[]): number[] {
  const rates = labels.map((label, u) =>
    mean(systems.map((heard) => errorsOf(scoreWords([label], heard[u]!)) / Math.max(1, label.length))),
  );
  return [...labels.keys()].sort((a, b) => rates[b]! - rates[a]!);
}
