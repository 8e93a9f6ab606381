import type { Language } from '#lib/messages/language.ts';

/** An instant with its zone, as people of a competition read it: in the competition's zone, else in this machine's. */
export function instantIn(language: Language, timeZone?: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (instant) => format.format(new Date(instant));
}
