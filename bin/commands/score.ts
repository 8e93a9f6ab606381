import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import type { Problem } from '#lib/problems.ts';
import { type References, readReferences, type ScoredFile, scoreFile } from '#scoring/corpus.ts';
import { defaultResamples } from '#scoring/statistics/bootstrap.ts';
import { type TestName, testNames } from '#scoring/statistics/compare.ts';
import { defaultSeed } from '#scoring/statistics/random.ts';
import {
  bracketsRemovedBy,
  type CharacterChoice,
  createNormaliser,
  type ProfileName,
  profiles,
} from '#scoring/wer/normalise.ts';
import { SCORER_VERSION } from '#scoring/wer/score.ts';
import { type Ties, tieRules } from '#scoring/wer/ties.ts';
import { mappingIn } from './mapping-file.ts';
import { formatOption, profileOption, seedOption } from './options.ts';
import { openUnpacked, readUnpacked, WrongInputError, WrongUsageError, writeText } from './problems.ts';
import { passingStages, type Stages } from './progress.ts';
import type { Output } from './report/output.ts';
import type { Scoring } from './report/result.ts';
import { judgedSystems, type Scored } from './report/systems.ts';

const stageMessages = {
  score: 'cli.score-progress',
  draw: 'cli.draw-progress',
  align: 'cli.align-progress',
  report: 'cli.report-progress',
} as const;
type ScoreStages = Stages<keyof typeof stageMessages>;

export type ScoreOptions = {
  ref: string;
  hyp: string;
  refFormat?: Format;
  hypFormat?: Format;
  profile: ProfileName;
  mapping?: string;
  ties: Ties;
  characters?: CharacterChoice | true;
  bootstrap?: true;
  units?: string;
  compare?: string[];
  test: TestName;
  seed?: number;
  measures?: true;
  json?: true;
  alignment?: true;
  html?: string;
  /** Options that take one file and were given several times. */
  repeated?: readonly string[];
};

/** `rostrum score`: needs no server, no database and no network. `words` brings the messages, which the JSON does without. */
export function scoreCommand(t: Translate, words: () => Promise<Translate>, output: Output): Command {
  const file = t('cli.argument-file');
  const repeated: string[] = [];
  const once = (option: string) => (value: string, previous: string | undefined) => {
    if (previous !== undefined) repeated.push(option);
    return value;
  };
  const characters = new Option('--characters [spaces]', t('cli.score-characters'));
  const ties = new Option('--ties <rule>', `${t('cli.score-ties')}: ${tieRules.join(', ')}`);
  const test = new Option('--test <name>', `${t('cli.score-test')}: ${testNames.join(', ')}`);
  return new Command('score')
    .requiredOption('--ref <file>', t('cli.score-ref', { file }), once('--ref'))
    .requiredOption('--hyp <file>', t('cli.score-hyp', { file }), once('--hyp'))
    .option('--compare <files...>', t('cli.score-compare', { file }))
    .addOption(test.choices(testNames).default('mapsswe'))
    .addOption(formatOption('--ref-format <format>', '--ref', t))
    .addOption(formatOption('--hyp-format <format>', '--hyp', t))
    .addOption(profileOption(t))
    .option('--mapping <file>', t('cli.score-mapping', { file }))
    .addOption(ties.choices(tieRules).default('canonical'))
    .addOption(characters.choices(['with-spaces', 'without-spaces']))
    .option('--bootstrap', t('cli.score-bootstrap'))
    .option('--units <file>', t('cli.score-units', { file }))
    .addOption(seedOption(t))
    .option('--measures', t('cli.score-measures'))
    .option('--json', t('cli.option-json'))
    .option('--alignment', t('cli.score-alignment'))
    .option('--html <file>', t('cli.score-html'))
    .action((options: ScoreOptions) => score({ ...options, repeated }, words, output));
}

/** Every file is read before anything is refused, so that all problems of all files are told at once. */
export async function score(options: ScoreOptions, words: () => Promise<Translate>, output: Output): Promise<void> {
  const hypotheses = [options.hyp, ...(options.compare ?? [])] as const;
  await checkUsage(options, hypotheses, words);
  const references = await readReferencesOf(options).catch((error) => refuseUnread(error, hypotheses));
  const stages = await passingStages(stageMessages, words);
  const refusals: unknown[] = [];
  const scored = await scoreAll(references, hypotheses, { ...options, words, stages, refusals });
  const unitOf = await unitsIn(options.units, references).catch((error) => {
    refusals.push(error);
    return null;
  });
  if (refusals.length > 0) {
    stages.end();
    throw new AggregateError(refusals);
  }
  const { ref: referenceFile, ties, test, bootstrap = false, seed = defaultSeed } = options;
  const judged = await judgedSystems(references, scored, { bootstrap, test, seed, unitOf, ties, stages });
  const draws =
    bootstrap || (test === 'bootstrap' && hypotheses.length > 1) ? { seed, resamples: defaultResamples } : null;
  const scoring: Scoring = { referenceFile, references, scorerVersion: SCORER_VERSION, ties, draws, ...judged };
  if (options.html !== undefined) {
    const { reportPage } = await import('./report/html.ts');
    await writeText(options.html, reportPage(scoring, await words(), stages.of('report')));
  }
  stages.end();
  if (options.json) await output.write(`${JSON.stringify(await resultOf(scoring, options))}\n`);
  else await print(scoring, options, await words(), output);
}

async function checkUsage(
  { ref, mapping, units, alignment, html, json, repeated = [] }: ScoreOptions,
  hypotheses: readonly string[],
  words: () => Promise<Translate>,
): Promise<void> {
  if (repeated.length > 0) throw new WrongUsageError([(await words())('cli.score-repeated', { option: repeated[0]! })]);
  const inputs = [['--ref', ref], ['--hyp', hypotheses[0]!], ...hypotheses.slice(1).map((file) => ['--compare', file])];
  if (mapping !== undefined) inputs.push(['--mapping', mapping]);
  if (units !== undefined) inputs.push(['--units', units]);
  const [first, second] = inputs.filter(([, file]) => file === '-').map(([option]) => option!);
  if (first && second) throw new WrongUsageError([(await words())('cli.same-input', { first, second })]);
  if (html !== undefined && inputs.some(([, file]) => resolve(file!) === resolve(html))) {
    throw new WrongUsageError([(await words())('cli.score-html-input', { file: html })]);
  }
  if (json && alignment) (await import('./explain.ts')).printError((await words())('cli.alignment-not-in-json'));
}

/** Where the references are refused, hypotheses cannot be checked, but it is told which of them cannot even be read. */
async function refuseUnread(error: unknown, hypotheses: readonly string[]): Promise<never> {
  const read = hypotheses.filter((file) => file !== '-').map((file) => readUnpacked(file, localLimits));
  const refused = (await Promise.allSettled(read)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  throw new AggregateError([error, ...refused]);
}

async function readReferencesOf({ ref, refFormat, profile, mapping }: ScoreOptions): Promise<References> {
  const normaliser = createNormaliser(profile, mapping === undefined ? null : await mappingIn(mapping));
  const file = await openUnpacked(ref, localLimits);
  const read = readReferences(file, normaliser, { format: refFormat });
  if (!read.ok) throw new WrongInputError(ref, read.problems, read.total);
  return read.references;
}

type Telling = { words: () => Promise<Translate>; stages: ScoreStages; refusals: unknown[] };

/** The files that can be scored; why others cannot goes to `refusals`. */
async function scoreAll(
  references: References,
  hypotheses: readonly string[],
  { characters, ties, hypFormat: format, words, stages, refusals }: ScoreOptions & Telling,
): Promise<[Scored, ...Scored[]]> {
  const choice = characters === true ? 'with-spaces' : (characters ?? null);
  const tick = stages.of('score');
  const scored: Scored[] = [];
  for (const [number, file] of hypotheses.entries()) {
    try {
      const bytes = await openUnpacked(file, localLimits);
      const onUtterance = (i: number) => tick(number * references.length + i, hypotheses.length * references.length);
      const result = scoreFile(references, bytes, { characters: choice, ties, format, onUtterance });
      const warnings = [...result.warnings, ...unscoredText(references, result)];
      if (warnings.length > 0) await warn(file, warnings, words, stages);
      if (!result.ok) throw new WrongInputError(file, result.problems, result.total);
      scored.push({ ...result, file });
    } catch (error) {
      refusals.push(error);
    }
  }
  return scored as [Scored, ...Scored[]];
}

/** What the profile takes out of hypotheses is said, since whoever reads the score would not guess it. */
function unscoredText({ normaliser: { profile }, length }: References, scored: ScoredFile): Problem[] {
  if (!scored.ok || !profiles[profile].isLikeWhisper) return [];
  let count = 0;
  for (let i = 0; i < length; i += 1) if (bracketsRemovedBy(profile, scored.hypothesisOf(i))) count += 1;
  return count === 0 ? [] : [{ line: 0, column: 0, code: 'warning-brackets-removed', values: { count } }];
}

async function warn(
  file: string,
  warnings: readonly Problem[],
  words: () => Promise<Translate>,
  stages: ScoreStages,
): Promise<void> {
  const { printProblems } = await import('./explain.ts');
  stages.end();
  printProblems(file, warnings, await words());
}

async function unitsIn(file: string | undefined, references: References): Promise<Int32Array | null> {
  if (file === undefined) return null;
  const { readUnits } = await import('./report/units.ts');
  const read = readUnits(await readUnpacked(file, localLimits), references);
  if (!read.ok) throw new WrongInputError(file, read.problems, read.total);
  return read.unitOf;
}

/** What `--json` prints: these keys, `comparison` only where there is something to compare, `measures` where asked for. */
async function resultOf({ references, scorerVersion, systems }: Scoring, options: ScoreOptions) {
  const [first, ...others] = systems;
  const comparisons = others.map(({ comparison }) => comparison);
  return {
    profile: references.normaliser.profile,
    scorerVersion,
    utterances: references.length,
    words: first.words,
    characters: first.characters,
    ...(comparisons.length > 0 && { comparison: comparisons.length === 1 ? comparisons[0] : comparisons }),
    ...(options.measures && { measures: (await import('./report/measures.ts')).measuresOf(first) }),
  };
}

async function print(scoring: Scoring, { alignment }: ScoreOptions, t: Translate, output: Output): Promise<void> {
  const { summaryText } = await import('./report/summary.ts');
  await output.write(summaryText(scoring, t));
  if (!alignment) return;
  const [{ alignmentText }, { alignedUtterances, namesOf }] = await Promise.all([
    import('./report/alignment.ts'),
    import('./report/result.ts'),
  ]);
  const names = namesOf(scoring.systems);
  const legend = [t('cli.alignment-legend')];
  if (names.length > 1) legend.unshift(t('cli.alignment-legend-several'));
  await output.write(`\n${legend.join('\n')}\n\n`);
  for (const { id, systems } of alignedUtterances(scoring, 'errors')) {
    const named = systems.map((alignment, i) => ({ ...alignment, name: names[i]! }));
    await output.write(alignmentText(id, named, output, t));
  }
}
