import type { Language } from '#lib/messages/language.ts';
import { formatsFor } from './format.ts';

/**
 * A moment in the competition's zone: `12 декабря, 18:02 МСК`; `short` drops the zone and, being for columns, takes two lines where one
 * is narrow; `long` adds the year.
 */
export function Instant({ at, timeZone, language, size = 'normal' }: InstantProps) {
  const formats = formatsFor(language);
  const print = { normal: formats.instant, short: formats.shortInstant, long: formats.longInstant }[size];
  return (
    <time dateTime={at.toISOString()} className={size === 'short' ? undefined : 'whitespace-nowrap'}>
      {print(at, timeZone)}
    </time>
  );
}
type InstantProps = { at: Date; timeZone: string; language: Language; size?: 'normal' | 'short' | 'long' };
