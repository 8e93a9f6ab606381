/*
 * What a competition's audience is told as it happens, and how it says what it has.
 */

/** Each is told newest only: whoever was away gets the last of it and nothing before. A kind that is listed here is told and followed. */
export const newsKinds = ['board', 'talk', 'reveal'] as const;
export type NewsKind = (typeof newsKinds)[number];

/** `body` is a JSON document on one line, the same for everybody; `version` rises with every change of it. */
export type News = { kind: NewsKind; version: number; body: string };

export function isNewsKind(text: string): text is NewsKind {
  return newsKinds.some((kind) => kind === text);
}

/** The id of its event: a board's is its version, any other's has the kind before it. */
export function newsId(kind: NewsKind, version: number): string {
  return kind === 'board' ? String(version) : `${kind}-${version}`;
}
