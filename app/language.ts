import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { chooseLanguage, type Language } from '#lib/messages/language.ts';
import { type Translate, translator } from '#lib/messages/translate.ts';
import { type Formats, formatsFor } from '#ui/format.ts';

export type Theme = 'auto' | 'light' | 'dark';

export const themes: readonly Theme[] = ['auto', 'light', 'dark'];

export type PageLanguage = { language: Language; theme: Theme; t: Translate; formats: Formats };

/** The reader's language and theme for this request: their own choice (cookies, set by POST /preferences), else the browser's. */
export const pageLanguage = cache(async (): Promise<PageLanguage> => {
  const jar = await cookies();
  const language = chooseLanguage(jar.get('rostrum-language')?.value, (await headers()).get('accept-language'));
  const chosenTheme = jar.get('rostrum-theme')?.value;
  const theme = themes.find((known) => known === chosenTheme) ?? 'auto';
  return { language, theme, t: translator(language), formats: formatsFor(language) };
});
