import type { CompetitionFacts } from '#lib/api/answers.ts';
import type { Language } from '#lib/messages/language.ts';
import { zoneName } from '#lib/zone-name.ts';
import type { Session } from './session.ts';

/** An instant with its zone: in the one that is given, else in this machine's. */
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

/** Instants of a competition, in its zone as on its pages. */
export async function instantsOf(
  { server, language }: Pick<Session, 'server' | 'language'>,
  slug: string,
): Promise<(instant: string) => string> {
  const { timeZone } = await server.json<CompetitionFacts>(`/competitions/${encodeURIComponent(slug)}`);
  return instantIn(language, timeZone);
}
