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
