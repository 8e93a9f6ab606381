import type { Language } from '#lib/messages/language.ts';

type Titles = { titleRu: string; titleEn: string };
type Bodies = { bodyRu: string; bodyEn: string };

/** In the reader's language, or in the other where that was left empty. */
export function titleIn({ titleRu, titleEn }: Titles, language: Language): string {
  return language === 'ru' ? titleRu || titleEn : titleEn || titleRu;
}

export function bodyIn({ bodyRu, bodyEn }: Bodies, language: Language): string {
  return language === 'ru' ? bodyRu || bodyEn : bodyEn || bodyRu;
}
