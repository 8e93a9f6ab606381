import type { Competition } from '#lib/competition.ts';

/** What the form's fields show. */
export function shownTexts({ nameRu, nameEn, briefRu, briefEn, rulesRu, rulesEn, licence, attribution }: Competition) {
  return { nameRu, nameEn, briefRu, briefEn, rulesRu, rulesEn, licence, attribution };
}
