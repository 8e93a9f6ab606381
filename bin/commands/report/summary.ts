import { errorsOf } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Measure } from '#scoring/measure.ts';
import { figuresIn, verdictsOn } from './figures.ts';
import { measuresOf } from './measures.ts';
import type { Ranked } from './ranking.ts';
import { namesOf, type Scoring, type System } from './result.ts';
import { harmless, padEnd, padStart, widthOf } from './width.ts';

/** What a person reads: the figures of one system, or a table of several. */
export function summaryText(scoring: Scoring, t: Translate): string {
  const { references, scorerVersion, systems, ranking } = scoring;
  const { profile } = references.normaliser;
  const head = t('cli.score-head', { utterances: references.length, profile, version: scorerVersion });
  const notes = notesOn(scoring, t);
  const body = systems.length === 1 ? figureLines(systems[0], t) : tableLines(scoring, t);
  return `${[head, ...notes, ...body, ...(ranking ? rankingLines(ranking, systems, t) : [])].join('\n')}\n`;
}

/** What else decided the figures, where it is not what is usual. */
export function notesOn({ ties, draws }: Scoring, t: Translate): string[] {
  return [
    ...(ties === 'canonical' ? [] : [t('cli.score-divided', { ties })]),
    ...(draws === null ? [] : [t('cli.score-drawn', { resamples: draws.resamples, seed: String(draws.seed) })]),
  ];
}

function figureLines(system: System, t: Translate): string[] {
  const lines = [figureLine('WER', system.words, t)];
  if (system.characters) lines.push(figureLine('CER', system.characters, t));
  const { rate } = figuresIn(t);
  const others = Object.entries(measuresOf(system)).map(([name, value]) => `${name.toUpperCase()} ${rate(value)}`);
  return [...lines, others.join('   ')];
}

/** The figures of one measure, such as WER, in a line. */
export function figureLine(measure: string, counts: Measure, t: Translate): string {
  if (counts.errorRate === null) return t('cli.score-no-rate', { measure, insertions: errorsOf(counts) });
  const { hits, substitutions, deletions, insertions, reference, errorRate: rate } = counts;
  const [low, high] = counts.interval ?? [];
  const interval = low === undefined || high === undefined ? '' : t('cli.score-interval', { low, high });
  return t('cli.score-rate', { measure, rate, interval, hits, substitutions, deletions, insertions, reference });
}

function tableLines({ systems }: Scoring, t: Translate): string[] {
  const { header, rows } = tableOf(systems, t);
  return ['', ...aligned([header, ...rows], [0, header.length - 1]), '', comparisonNote(systems, t)];
}

/** Cells below each other: the columns `left` begin together, the others end together. */
function aligned(cells: readonly (readonly string[])[], left: readonly number[]): string[] {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]!))));
  const place = (cell: string, column: number) =>
    left.includes(column) ? padEnd(cell, widths[column]!) : padStart(cell, widths[column]!);
  return cells.map((row) => row.map(place).join('   ').trimEnd());
}

function rankingLines(ranking: readonly Ranked[], systems: readonly System[], t: Translate): string[] {
  const figures = figuresIn(t);
  const names = namesOf(systems).map(harmless);
  const header = [
    t('cli.ranking-place'),
    t('cli.ranking-class'),
    t('cli.table-system'),
    'WER',
    t('cli.ranking-against'),
    t('cli.ranking-difference'),
    t('cli.ranking-p'),
  ];
  const rows = ranking.map(({ system, place, against, difference, pValue }, i) => [
    place === null ? '—' : figures.count(place),
    bracketAt(i, ranking),
    names[system]!,
    figures.rate(systems[system]!.words.errorRate),
    against === null ? '' : names[against]!,
    against === null ? '' : figures.points(difference),
    against === null ? '' : figures.pValue(pValue),
  ]);
  return ['', t('cli.ranking-title'), ...aligned([header, ...rows], [1, 2, 4]), '', rankingNote(systems, t)];
}

/** Its part of the bracket around the class, which one alone goes without. */
function bracketAt(i: number, ranking: readonly Ranked[]): string {
  const isSame = (other: Ranked | undefined) => other?.tieClass === ranking[i]!.tieClass;
  const [above, below] = [isSame(ranking[i - 1]), isSame(ranking[i + 1])];
  if (above) return below ? '│' : '└';
  return below ? '┌' : '';
}

export function rankingNote(systems: readonly System[], t: Translate): string {
  return t('cli.ranking-note', { test: t(`cli.test-${systems[1]!.comparison!.test}`) });
}

/** A line for each system: its figures, and how it compares with the first. */
function tableOf(systems: readonly System[], t: Translate): { header: string[]; rows: string[][] } {
  const figures = figuresIn(t);
  const verdicts = verdictsOn(systems);
  const hasCharacters = systems[0]!.characters !== null;
  const header = [
    t('cli.table-system'),
    'WER',
    t('cli.table-interval'),
    ...(hasCharacters ? ['CER'] : []),
    'S',
    'D',
    'I',
    t('cli.table-difference'),
    t('cli.table-interval'),
    'p',
    t('cli.table-verdict'),
  ];
  const rows = systems.map(({ file, words, characters, comparison }, i) => [
    harmless(file),
    figures.rate(words.errorRate),
    figures.interval(words.interval),
    ...(hasCharacters ? [figures.rate(characters?.errorRate ?? null)] : []),
    ...[words.substitutions, words.deletions, words.insertions].map(figures.count),
    comparison ? figures.points(comparison.difference) : '',
    comparison ? figures.pointsInterval(comparison.interval) : '',
    comparison ? figures.pValue(comparison.pValue) : '',
    verdicts[i] ? t(`cli.verdict-${verdicts[i]}`) : '',
  ]);
  return { header, rows };
}

export function comparisonNote(systems: readonly System[], t: Translate): string {
  const tests = systems.flatMap(({ comparison }) => (comparison ? [comparison.test] : []));
  return t('cli.table-note', { test: t(`cli.test-${tests[0]!}`), comparisons: tests.length });
}
