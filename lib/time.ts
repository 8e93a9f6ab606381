import { Temporal } from 'temporal-polyfill';

/*
 * Instants are UTC everywhere; a competition has one zone, in which its people read and type times. Calendar arithmetic is
 * Temporal's (a polyfill until Node carries it): local midnights that do not exist or exist twice are its business.
 */

/** The calendar day of `instant` in `timeZone`, as YYYY-MM-DD. */
export function localDay(instant: Date, timeZone: string): string {
  return zoned(instant, timeZone).toPlainDate().toString();
}

/** The instant at which the next calendar day of `timeZone` begins. */
export function nextLocalDay(instant: Date, timeZone: string): Date {
  return new Date(zoned(instant, timeZone).add({ days: 1 }).startOfDay().epochMilliseconds);
}

/** `YYYY-MM-DDTHH:MM` as an `<input type="datetime-local">` shows it, in `timeZone`. */
export function toLocalInput(instant: Date, timeZone: string): string {
  return zoned(instant, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** The instant that a person in `timeZone` means by a typed local time; null where it is not a date and a time. */
export function fromLocalInput(text: string, timeZone: string): Date | null {
  // A bare date would be read as its midnight: a deadline a day earlier than was meant.
  if (!/^\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?\s*$/.test(text)) return null;
  try {
    return new Date(
      Temporal.PlainDateTime.from(text.trim().replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds,
    );
  } catch {
    return null;
  }
}

/**
 * An instant as tables have it: `2026-03-01 23:59`, `01.03.2026 23:59`, with seconds or without, in `timeZone`; or ISO 8601 with an
 * offset of its own. Null for anything else.
 */
export function fromTypedInstant(text: string, timeZone: string): Date | null {
  const typed = text.trim();
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i.test(typed)) {
    const instant = new Date(typed.replace(' ', 'T'));
    return Number.isNaN(instant.getTime()) ? null : instant;
  }
  const parts = /^(\d{1,2})\.(\d{1,2})\.(\d{4}),?[T ](\d{1,2}:.*)$/.exec(typed);
  const two = (digits: string) => digits.padStart(2, '0');
  const iso = parts ? `${parts[3]}-${two(parts[2]!)}-${two(parts[1]!)} ${parts[4]}` : typed;
  return fromLocalInput(iso.replace(/([T ])(\d):/, '$10$2:'), timeZone);
}

/**
 * Days that have begun after `from` and before `until`: the first begins at `from` itself, each next at the same local time in
 * `timeZone`; 0 where `until` is not later. A local time that clocks skip is taken as much later as they skip, one that comes twice
 * is its first, and a day that a zone leaves out altogether (Samoa, 30 December 2011) is none. Takes time in proportion to the days.
 */
export function startedDays(from: Date, until: Date, timeZone: string): number {
  const start = zoned(from, timeZone);
  let started = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (let day = 0; ; day += 1) {
    const begins = start.add({ days: day }).epochMilliseconds;
    if (begins >= until.getTime()) return started;
    if (begins > before) started += 1;
    before = begins;
  }
}

/** The same local time so many days later, as `startedDays` counts them. */
export function addDays(instant: Date, days: number, timeZone: string): Date {
  return new Date(zoned(instant, timeZone).add({ days }).epochMilliseconds);
}

/** Whether the tz database of this machine knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    zoned(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}
