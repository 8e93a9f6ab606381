import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationFolder } from '#lib/env.ts';
import type { Language } from '#lib/messages/language.ts';
import { type Audience, audiences, readingOrder } from './order.ts';
import { type ParsedPage, parsePage } from './page.ts';

export type DocsPage = ParsedPage & { audience: Audience; name: string };

/** Where the pages lie, in the repository and in an installation. */
export const docsFolder = join(/* turbopackIgnore: true */ installationFolder, 'docs');

const read = new Map<Language, readonly DocsPage[]>();

/** Every page in one language, in reading order. The files are read once: a process serves the text it began with. */
export function listDocs(language: Language): readonly DocsPage[] {
  const known = read.get(language) ?? audiences.flatMap((audience) => readPages(language, audience));
  read.set(language, known);
  return known;
}

export function findDoc(language: Language, audience: string, name: string): DocsPage | null {
  return listDocs(language).find((page) => page.audience === audience && page.name === name) ?? null;
}

/** The pages before and after one, of the same audience. */
export function neighboursOf(language: Language, page: DocsPage): { previous: DocsPage | null; next: DocsPage | null } {
  const pages = listDocs(language).filter(({ audience }) => audience === page.audience);
  const at = pages.findIndex(({ name }) => name === page.name);
  return { previous: pages[at - 1] ?? null, next: pages[at + 1] ?? null };
}

function readPages(language: Language, audience: Audience): DocsPage[] {
  const folder = join(/* turbopackIgnore: true */ docsFolder, language, audience);
  // An image without the texts is no reason for a board not to be shown.
  if (!existsSync(folder)) return [];
  const order = readingOrder[audience];
  // Git keeps no empty folder.
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((name) => ({
      ...parsePage(readFileSync(join(/* turbopackIgnore: true */ folder, `${name}.md`), 'utf8')),
      audience,
      name,
    }));
}
