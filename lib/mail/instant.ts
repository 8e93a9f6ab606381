import type { Language } from '#lib/messages/language.ts';
import { zoneName } from '#lib/zone-name.ts';

/** `вт, 1 декабря, 18:02 МСК` · `Tue 1 December, 18:02 MSK`: with the day of the week, since it is read on its own. */
export function mailInstant(at: Date, timeZone: string, language: Language): string {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const print = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const day = print({ weekday: 'short', day: 'numeric', month: 'long' }).format(at);
  const time = print({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  return `${day}, ${time} ${zoneName(language, at, timeZone)}`;
}
