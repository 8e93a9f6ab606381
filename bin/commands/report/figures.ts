import type { Translate } from '#lib/messages/translate.ts';
import { holm } from '#scoring/statistics/holm.ts';
import { tieLevel } from '#scoring/statistics/ties.ts';
import type { System } from './result.ts';

export type Verdict = 'better' | 'worse' | 'same';

/** Figures as they are read; an em dash stands where there is none. */
export type Figures = {
  rate(rate: number | null): string;
  interval(interval: readonly [number, number] | null): string;
  /** Differences of rates, in percentage points with their sign. */
  points(difference: number | null): string;
  pointsInterval(interval: readonly [number, number] | null): string;
  pValue(p: number | null): string;
  count(count: number): string;
};

const none = '—';

export function figuresIn(t: Translate): Figures {
  const language = t('cli.report-language');
  const format = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const percent = format({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const signed = format({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const probability = format({ minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const whole = format({});
  const points = (difference: number) => signed.format(100 * difference);
  return {
    rate: (rate) => (rate === null ? none : percent.format(rate)),
    interval: (interval) =>
      interval === null ? none : `[${interval.map((bound) => percent.format(bound)).join('; ')}]`,
    points: (difference) => (difference === null ? none : points(difference)),
    pointsInterval: (interval) => (interval === null ? none : `[${interval.map(points).join('; ')}]`),
    pValue: (p) => (p === null ? none : p < 0.0001 ? `< ${probability.format(0.0001)}` : probability.format(p)),
    count: (count) => whole.format(count),
  };
}

/**
 * What is to be made of each system beside the first: at 5 %, with Holm's correction over all comparisons, since one of many
 * comes out small by chance alone. A difference that has no p-value is none that was shown.
 */
export function verdictsOn(systems: readonly System[]): (Verdict | null)[] {
  const compared = systems.filter((system) => system.comparison !== null);
  const adjusted = holm(compared.map((system) => system.comparison!.pValue ?? 1));
  return systems.map((system) => {
    if (system.comparison === null) return null;
    const difference = system.comparison.difference ?? 0;
    if (adjusted[compared.indexOf(system)]! >= tieLevel || difference === 0) return 'same';
    return difference > 0 ? 'better' : 'worse';
  });
}
