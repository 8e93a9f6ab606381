import { type LengthName, lengthNames } from '#scoring/lab/lengths.ts';

export const sorts = ['errors', 'rate', 'length', 'id'] as const;
export type Sort = (typeof sorts)[number];

/** Lists that show their beginning, until all of one is asked for. */
const longLists = ['confusions', 'deletions', 'insertions', 'slices'] as const;
export type LongList = (typeof longLists)[number];

/** The lab's whole state, as it stands in the address: what a page shows can be passed on within the team. */
export type LabQuery = {
  file: string | null;
  against: string | null;
  utterance: string | null;
  sort: Sort;
  /** A column of the manifest and its value. */
  slice: readonly [key: string, value: string] | null;
  length: LengthName | null;
  /** A kind of error: `s кот кит`, `d в`, `i ну`. */
  has: string | null;
  page: number;
  /** The list that is shown whole. */
  all: LongList | null;
};

export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

/** What is not understood is as if it were not there. */
export function readQuery(raw: RawQuery): LabQuery {
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    file: text('file'),
    against: text('against'),
    utterance: text('utterance'),
    sort: sorts.find((sort) => sort === raw.sort) ?? 'errors',
    slice: readSlice(text('slice')),
    length: lengthNames.find((name) => name === raw.length) ?? null,
    has: text('has'),
    page: Math.max(1, Math.floor(Number(raw.page)) || 1),
    all: longLists.find((name) => name === raw.all) ?? null,
  };
}

/** The same page with something changed. Whatever changes the list starts it anew. */
export function labHref(slug: string, query: LabQuery, change: Partial<LabQuery> = {}): string {
  const changed = {
    ...query,
    ...('utterance' in change || 'page' in change || 'all' in change ? {} : { page: 1 }),
    ...change,
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(changed)) {
    const isDefault = value === null || (name === 'sort' && value === 'errors') || (name === 'page' && value === 1);
    if (!isDefault) parameters.set(name, Array.isArray(value) ? sliceText(value as [string, string]) : String(value));
  }
  const written = parameters.toString();
  return `/c/${slug}/lab${written === '' ? '' : `?${written}`}`;
}

/** `key:value`; the key is escaped, so that it has no colon of its own. */
export function sliceText([key, value]: readonly [string, string]): string {
  return `${encodeURIComponent(key)}:${value}`;
}

function readSlice(text: string | null): LabQuery['slice'] {
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon < 0) return null;
  try {
    return [decodeURIComponent(text.slice(0, colon)), text.slice(colon + 1)];
  } catch {
    return null;
  }
}
