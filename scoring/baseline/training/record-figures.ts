import type { FigureFact } from '#scoring/baseline/model.ts';
import { readModel, readPapers, rewriteFacts } from '#scoring/baseline/model-folder.ts';
import { cardOf } from '#scoring/baseline/training/card.ts';
import { recipeIn } from '#scoring/baseline/training/checkpoint.ts';

/** Writes new figures of a model into its folder and onto its card, in place of those of the same split and decoding. */
export async function recordFigures(folder: string, figures: readonly FigureFact[]): Promise<void> {
  const { facts, shape } = await readModel(folder);
  const isReplaced = (old: FigureFact) =>
    figures.some(({ split, decoding }) => split === old.split && decoding === old.decoding);
  const recorded = { ...facts, figures: [...facts.figures.filter((old) => !isReplaced(old)), ...figures] };
  const recipe = recipeIn((await readPapers(folder)).recipe);
  await rewriteFacts(folder, recorded, cardOf({ facts: recorded, shape, recipe }));
}
