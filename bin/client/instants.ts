import type { Language } from '#lib/messages/language.ts';
import { zoneName } from '#lib/zone-name.ts';

/** An instant with its zone, as people of a competition read it: in the competition's zone, else in this machine's. */
export function instantIn(language: Language, timeZone?: string): (instant: string) => string {
  const zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  });
  return (instant) => `${format.format(new Date(instant))} ${zoneName(language, new Date(instant), zone)}`;
}
