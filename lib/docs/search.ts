import { stemmer as englishStem } from '@orama/stemmers/english';
import { stemmer as russianStem } from '@orama/stemmers/russian';
import MiniSearch from 'minisearch';
import type { Language } from '#lib/messages/language.ts';
import { type DocsPage, listDocs } from './library.ts';
import type { Audience } from './order.ts';

/** A piece of the text around what was found, from `at` on; `isHit` pieces are the found words themselves. */
export type Piece = { at: number; text: string; isHit: boolean };

export type Found = {
  audience: Audience;
  name: string;
  title: string;
  /** The section's; empty before the first heading. */
  slug: string;
  heading: string;
  excerpt: readonly Piece[];
};

type Entry = {
  id: string;
  /** The page's, where the section is its beginning: else each of its sections would be found by it. */
  title: string;
  heading: string;
  text: string;
  page: string;
  audience: Audience;
  name: string;
  slug: string;
};

const word = /[\p{L}\p{N}]+/gu;
/** Of an excerpt and of what stands in it before the word, in characters. */
const excerptLength = 180;
const leadIn = 60;

const indexes = new Map<Language, ReturnType<typeof searchIn>>();

/** What the documentation in one language says of `query`. The index is made at the first question. */
export function searchDocs(language: Language, query: string, limit = 20): Found[] {
  const index = indexes.get(language) ?? searchIn(listDocs(language));
  indexes.set(language, index);
  return index.search(query, limit);
}

/** Finds sections by words in any form, their beginnings, and with a slip of the finger. `search` gives the best first. */
function searchIn(pages: readonly DocsPage[]): { search(query: string, limit: number): Found[] } {
  const index = new MiniSearch<Entry>({
    fields: ['title', 'heading', 'text'],
    storeFields: ['page', 'heading', 'text', 'audience', 'name', 'slug'],
    tokenize: (text) => text.match(word) ?? [],
    processTerm: stemOf,
    searchOptions: {
      boost: { title: 4, heading: 3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(pages.flatMap(entriesOf));
  return {
    search(query, limit) {
      const all = index.search(query, { combineWith: 'AND' });
      // Where no section has every word, those that have some are better than nothing.
      const results = all.length > 0 ? all : index.search(query);
      return results.slice(0, limit).map((result) => {
        const { page, heading, text, audience, name, slug } = result as unknown as Entry;
        return { audience, name, title: page, slug, heading, excerpt: excerptOf(text, new Set(result.terms)) };
      });
    },
  };
}

function entriesOf({ audience, name, title, sections }: DocsPage): Entry[] {
  return sections.map(({ slug, heading, text }) => ({
    id: `${audience}/${name}#${slug}`,
    title: slug === '' ? title : '',
    page: title,
    heading,
    text,
    audience,
    name,
    slug,
  }));
}

function stemOf(term: string): string {
  const plain = term.toLowerCase().replaceAll('ё', 'е');
  return /[а-я]/.test(plain) ? russianStem(plain) : englishStem(plain);
}

/** The text around the first word that was found. */
function excerptOf(text: string, terms: ReadonlySet<string>): Piece[] {
  const words = [...text.matchAll(word)];
  const first = words.find(([found]) => terms.has(stemOf(found)))?.index ?? 0;
  const start = first < leadIn ? 0 : (words.find(({ index }) => index >= first - leadIn)?.index ?? first);
  const cut = start + excerptLength;
  const end = cut >= text.length ? text.length : text.lastIndexOf(' ', cut);
  const pieces: Piece[] = [];
  const add = (from: number, to: number, isHit: boolean) => {
    if (from < to) pieces.push({ at: from, text: text.slice(from, to), isHit });
  };
  let done = start;
  for (const { 0: found, index } of words) {
    if (index < start || index + found.length > end || !terms.has(stemOf(found))) continue;
    add(done, index, false);
    add(index, index + found.length, true);
    done = index + found.length;
  }
  add(done, end, false);
  if (start > 0) pieces.unshift({ at: -1, text: '… ', isHit: false });
  if (end < text.length) pieces.push({ at: end, text: ' …', isHit: false });
  return pieces;
}
