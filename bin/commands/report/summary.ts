import { errorsOf } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Measure } from '#scoring/measure.ts';
import { figuresIn, verdictsOn } from './figures.ts';
import { measuresOf } from './measures.ts';
import type { Scoring, System } from './result.ts';
import { harmless, padEnd, padStart, widthOf } from './width.ts';

/** What a person reads: the figures of one system, or a table of several. */
export function summaryText(scoring: Scoring, t: Translate): string {
  const { references, scorerVersion, systems } = scoring;
  const { profile } = references.normaliser;
  const head = t('cli.score-head', { utterances: references.length, profile, version: scorerVersion });
  const body = systems.length === 1 ? figureLines(systems[0], t) : tableLines(scoring, t);
  return `${[head, ...body].join('\n')}\n`;
}

function figureLines(system: System, t: Translate): string[] {
  const lines = [lineOf('WER', system.words, t)];
  if (system.characters) lines.push(lineOf('CER', system.characters, t));
  const { rate } = figuresIn(t);
  const others = Object.entries(measuresOf(system)).map(([name, value]) => `${name.toUpperCase()} ${rate(value)}`);
  return [...lines, others.join('   ')];
}

function lineOf(measure: string, counts: Measure, t: Translate): string {
  if (counts.errorRate === null) return t('cli.score-no-rate', { measure, insertions: errorsOf(counts) });
  const { hits, substitutions, deletions, insertions, reference, errorRate: rate } = counts;
  const [low, high] = counts.interval ?? [];
  const interval = low === undefined || high === undefined ? '' : t('cli.score-interval', { low, high });
  return t('cli.score-rate', { measure, rate, interval, hits, substitutions, deletions, insertions, reference });
}

function tableLines({ systems }: Scoring, t: Translate): string[] {
  const { header, rows } = tableOf(systems, t);
  const cells = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]!))));
  const last = header.length - 1;
  const align = (cell: string, column: number) =>
    column === 0 || column === last ? padEnd(cell, widths[column]!) : padStart(cell, widths[column]!);
  const lines = cells.map((row) => row.map(align).join('   ').trimEnd());
  return ['', ...lines, '', comparisonNote(systems, t)];
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
