import type { BaselineModel, DataFact, ModelFacts } from '#scoring/baseline/model.ts';
import type { Recipe } from '#scoring/baseline/training/recipe.ts';

export type CardOptions = Pick<BaselineModel, 'facts' | 'shape'> & {
  /** Null where it is not known any more. */
  readonly recipe: Recipe | null;
};

/** MODEL_CARD.md of a model just trained: what it learned from, under which licences, how good it is, and where it fails. */
export function cardOf({ facts, shape, recipe }: CardOptions): string {
  const sections = [
    `# ${facts.name}`,
    `A CTC network for Russian speech at 8 kHz: ${shape.dilations.length} residual convolutions of ${shape.channels} channels over a log-mel spectrogram, ` +
      'trained from nothing by `rostrum baseline train`.',
    '## Data',
    ...facts.data.map(dataLine),
    `${minutes(facts.trainingSeconds)} of sound, ${hours(facts.heardSeconds)} heard in ${facts.epochs} epochs.`,
    '## Figures',
    facts.figures.length === 0 ? 'None: there was no dev split.' : figureTable(facts),
    ...(recipe === null ? [] : ['## Recipe', recipeText(recipe)]),
    '## Limits',
    'It knows the voices and the kind of speech it was trained on, and no others: expect far more errors on other voices, other ' +
      'microphones, spontaneous speech and other subjects. It writes Russian letters and spaces only: no ё, no digits, no ' +
      'hyphens, no punctuation, no capitals.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function recipeText(recipe: Recipe): string {
  const { schedule, optimiser, seed, weightDecay, variedShare, length } = recipe;
  return (
    `Seed ${seed}; ${length.count} ${length.kind}; ${optimiser}, learning rate ${schedule.learningRate}, schedule ${schedule.name}; weight decay ${weightDecay}; ` +
    `a share of ${variedShare} of what is heard is varied in speed, colour, noise and loudness. All of it is in recipe.json.`
  );
}

function dataLine({ name, seconds, licence, attribution }: DataFact): string {
  const size = seconds === 0 ? 'texts' : minutes(seconds);
  return `- ${name}: ${size}. Licence: ${licence || 'not stated'}. ${attribution}`.trimEnd();
}

function figureTable({ figures }: ModelFacts): string {
  const rows = figures.map(
    ({ split, decoding, slice, wordErrorRate, characterErrorRate }) =>
      `| ${split}${slice === '' ? '' : `, ${slice}`} | ${decoding} | ${percent(wordErrorRate)} | ${percent(characterErrorRate)} |`,
  );
  const table = ['| split | decoding | WER | CER |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return `${table}\n\nDev chose the epoch and how texts are searched for, so its figures are a little better than those on other recordings of the same kind will be.`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}

function hours(seconds: number): string {
  return `${(seconds / 3600).toFixed(1)} h`;
}
