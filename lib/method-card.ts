import { RefusedError } from '#lib/errors.ts';

/** What a team says of how its final entries were made. Texts are plain; a commit is 7 to 64 hexadecimal digits. */
export type MethodCard = {
  model: string;
  data: string;
  externalServices: string;
  codeLink: string | null;
  codeCommit: string | null;
};

export const emptyCard: MethodCard = { model: '', data: '', externalServices: '', codeLink: null, codeCommit: null };
const longestCardText = 4000;
export const cardParts = ['model', 'data', 'externalServices', 'codeLink', 'codeCommit'] as const;

/** The parts that are still empty. Where nothing external was used, a card says so. */
export function missingParts(card: MethodCard): (keyof MethodCard)[] {
  return cardParts.filter((part) => card[part] === null || card[part] === '');
}

/** As it is kept. Refuses 'card-too-long', 'card-link' (no address of the web) and 'card-commit'; anything may be empty. */
export function readCard(typed: Record<keyof MethodCard, string>): MethodCard {
  const [model, data, externalServices] = [typed.model, typed.data, typed.externalServices].map(tidy);
  const [codeLink, codeCommit] = [typed.codeLink.trim(), typed.codeCommit.trim().toLowerCase()];
  if ([model!, data!, externalServices!].some((text) => text.length > longestCardText)) {
    throw new RefusedError('card-too-long', 422, { longest: longestCardText });
  }
  if (codeLink !== '' && !isWebAddress(codeLink)) throw new RefusedError('card-link', 422);
  if (codeCommit !== '' && !/^[0-9a-f]{7,64}$/.test(codeCommit)) throw new RefusedError('card-commit', 422);
  return {
    model: model!,
    data: data!,
    externalServices: externalServices!,
    codeLink: codeLink || null,
    codeCommit: codeCommit || null,
  };
}

function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}

function isWebAddress(text: string): boolean {
  return text.length <= 500 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
