/** The two languages of the interface. Every message exists in both: a test compares their keys and placeholders. */
export type Language = 'ru' | 'en';

export const languages: readonly Language[] = ['ru', 'en'];

/**
 * The language for a reader: an explicit choice (a cookie, an option) wins, else the first of the two that an
 * Accept-Language header or a POSIX locale names, else Russian, the language of the course Rostrum was made for.
 */
export function chooseLanguage(chosen: string | undefined, accepted: string | null | undefined): Language {
  if (chosen === 'ru' || chosen === 'en') return chosen;
  const named = /(?:^|[,;\s])(ru|en)(?![a-z])/i.exec(accepted ?? '');
  return named?.[1]?.toLowerCase() === 'en' ? 'en' : 'ru';
}
