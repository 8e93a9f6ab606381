import type { Language } from '#lib/messages/language.ts';

/** A zone's short name: `МСК`, `UTC`, `GMT+7`. Moscow's has none in Intl's data, and is the one most readers live in. */
export function zoneName(language: Language, at: Date, timeZone: string): string {
  if (timeZone === 'Europe/Moscow') return language === 'ru' ? 'МСК' : 'MSK';
  const named = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return named.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}
