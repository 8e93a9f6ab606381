import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { installationFolder } from '#lib/env.ts';

/** The model that comes with Rostrum; all others are the organisers' own. */
export const shippedModel = 'shipped';

/** A model that can be run on a competition's recordings. */
export type BaselineModelSummary = {
  /** As a run asks for it. */
  readonly name: string;
  /** As its card calls it. */
  readonly title: string;
  /** Of the dev split it was chosen by, a ratio; null where its makers did not say. */
  readonly devWordErrorRate: number | null;
};

const nameShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const described = z.object({
  facts: z.object({
    name: z.string(),
    figures: z.array(
      z.object({ split: z.string(), slice: z.string(), decoding: z.string(), wordErrorRate: z.number() }),
    ),
  }),
});

/** Where a model's folder is: `rostrum baseline train --out` puts others into `baseline/models` under ROSTRUM_HOME. */
export function modelFolder(home: string, name: string): string {
  if (name === shippedModel) return join(/* turbopackIgnore: true */ installationFolder, 'scoring/baseline/shipped');
  if (!nameShape.test(name)) throw new Error(`"${name}" is no name of a model`);
  return join(/* turbopackIgnore: true */ modelsFolder(home), name);
}

export function modelsFolder(home: string): string {
  return join(/* turbopackIgnore: true */ home, 'baseline', 'models');
}

/** Every model that is here, the shipped one first; folders without a readable description are none. */
export async function listBaselineModels(home: string): Promise<BaselineModelSummary[]> {
  const own = await readdir(modelsFolder(home)).catch(() => []);
  const names = [shippedModel, ...own.filter((name) => nameShape.test(name) && name !== shippedModel).sort()];
  const found = await Promise.all(names.map((name) => summaryOf(home, name)));
  return found.filter((summary) => summary !== null);
}

async function summaryOf(home: string, name: string): Promise<BaselineModelSummary | null> {
  const text = await readFile(join(/* turbopackIgnore: true */ modelFolder(home, name), 'model.json'), 'utf8').catch(
    () => null,
  );
  if (text === null) return null;
  const read = described.safeParse(parsed(text));
  if (!read.success) return null;
  const { name: title, figures } = read.data.facts;
  const ofDev = figures.filter(({ split, slice }) => split === 'dev' && slice === '');
  const best = ofDev.find(({ decoding }) => decoding === 'beam') ?? ofDev[0];
  return { name, title, devWordErrorRate: best?.wordErrorRate ?? null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
