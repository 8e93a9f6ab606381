import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelFolder } from '#lib/baseline-models.ts';
import { findModelFile, type ModelFile, modelFileAddress } from '#lib/model-files.ts';

/*
 * What people read of a model: where it comes from, its card, how its training went and how to repeat it. The files are those of
 * scoring/baseline/model-folder.ts.
 */

const rates = z.object({ loss: z.number(), characterErrorRate: z.number(), wordErrorRate: z.number() });
const curvePoint = z.object({
  epoch: z.number(),
  heardSeconds: z.number(),
  learningRate: z.number(),
  trainLoss: z.number(),
  dev: rates.nullable(),
});
/** One epoch. Losses in nats per symbol; error rates are ratios, with greedy decoding. */
export type CurvePoint = z.infer<typeof curvePoint>;

const recipe = z.object({
  seed: z.number(),
  length: z.object({ kind: z.enum(['epochs', 'minutes']), count: z.number() }),
  schedule: z.object({ name: z.string(), learningRate: z.number(), power: z.number() }),
  optimiser: z.string(),
  weightDecay: z.number(),
  variedShare: z.number(),
  syntheticTexts: z.number(),
  shape: z.object({ channels: z.number() }),
  patience: z.number().nullable(),
});
export type TrainingRecipe = z.infer<typeof recipe>;

const dataFact = z.object({ name: z.string(), seconds: z.number(), licence: z.string(), attribution: z.string() });
/** What the model learned from; `seconds` is 0 for texts. */
export type DataFact = z.infer<typeof dataFact>;

const described = z.object({
  facts: z.object({ name: z.string(), seed: z.number(), epochs: z.number(), data: z.array(dataFact) }),
});

export type OfferedFile = { readonly name: ModelFile; readonly address: string; readonly bytes: number };

export type ModelPapers = {
  /** As a run asks for it. */
  readonly name: string;
  /** As its card calls it. */
  readonly title: string;
  readonly seed: number;
  readonly data: readonly DataFact[];
  /** Markdown; '' where it has none. */
  readonly card: string;
  /** Empty where they were not kept, as is `recipe` null. */
  readonly curve: readonly CurvePoint[];
  readonly recipe: TrainingRecipe | null;
  readonly files: readonly OfferedFile[];
};

/** Null where there is no such model, or none that can be read. Throws where `name` can be no name of one. */
export async function readModelPapers(home: string, name: string): Promise<ModelPapers | null> {
  const folder = modelFolder(home, name);
  const text = (file: ModelFile) => readFile(join(/* turbopackIgnore: true */ folder, file), 'utf8').catch(() => '');
  const about = described.safeParse(parsed(await text('model.json')));
  if (!about.success) return null;
  const { name: title, seed, data } = about.data.facts;
  return {
    name,
    title,
    seed,
    data,
    card: await text('MODEL_CARD.md'),
    curve: z.array(curvePoint).safeParse(parsed(await text('curves.json'))).data ?? [],
    recipe: recipe.safeParse(parsed(await text('recipe.json'))).data ?? null,
    files: await offeredFiles(home, name),
  };
}

/** In the order of their use: to read, to run, to train again. */
const offered = [
  'MODEL_CARD.md',
  'model.json',
  'weights.bin',
  'language-model.bin',
  'words.txt',
  'recipe.json',
  'curves.json',
] as const;

async function offeredFiles(home: string, name: string): Promise<OfferedFile[]> {
  const files: OfferedFile[] = [];
  for (const file of offered) {
    const found = await findModelFile(home, name, file);
    if (found === null) continue;
    files.push({ name: file, address: modelFileAddress(name, file), bytes: found.bytes });
  }
  return files;
}

/** The command that trained it, every choice spelled out. With a length in epochs it gives the same model again. */
export function trainingCommand({
  seed,
  length,
  schedule,
  optimiser,
  weightDecay,
  variedShare,
  syntheticTexts,
  shape,
  patience,
}: TrainingRecipe): string {
  const options = {
    out: 'my-model',
    seed,
    [length.kind]: length.count,
    optimiser,
    'learning-rate': schedule.learningRate,
    schedule: schedule.name,
    ...(schedule.name === 'power' ? { power: schedule.power } : {}),
    'weight-decay': weightDecay,
    'varied-share': variedShare,
    synthetic: syntheticTexts,
    channels: shape.channels,
    ...(patience === null ? {} : { patience }),
  };
  return wrapped(['rostrum baseline train', ...Object.entries(options).map(([name, value]) => `--${name} ${value}`)]);
}

const lineLength = 72;

/** A shell's command in lines that a page has room for. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < lineLength) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines.join(' \\\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
