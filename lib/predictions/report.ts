import type { Problem, ProblemCode, WarningCode } from '#lib/problems.ts';
import { type Place, placesIn } from './places.ts';

type Values = Problem['values'];

/** Where a problem is: an offset in the decoded text, a place already known, or of the file as a whole. */
export type At = number | Place | 'file';

/** All problems of a file are counted; of each code so many are listed. */
export const listedPerCode = 100;
const placesPerWarning = 5;

export type ProblemReport = {
  /** In the order of the file; missing ids, which have no place in it, last. */
  readonly problems: readonly Problem<ProblemCode>[];
  /** How many there are of each code, beyond those that are listed. */
  readonly counts: Readonly<Partial<Record<ProblemCode, number>>>;
  readonly total: number;
};

/** `line` and `column` are of the first place, `values.count` tells how many there are. */
export type Warning = Problem<WarningCode> & { readonly places: readonly Place[] };

type Entry = { at: At | (() => At); code: ProblemCode; values: Values | ((placeOf: PlaceOf) => Values) };
export type PlaceOf = (at: At) => Place;

/** Gathers what is wrong with one file. Places and values that cost something are worked out for what is listed only. */
export type Report = {
  add(code: ProblemCode, at: Entry['at'], values?: Entry['values']): void;
  /** True once there are so many problems that reading on helps nobody: bytes made to be slow must not keep a server busy. */
  isFull(): boolean;
  warn(code: WarningCode, at: number): void;
  finish(text: string): ProblemReport;
  /** Totals that the sentence of a warning needs beside its count. */
  warnings(text: string | PlaceOf, values: (code: WarningCode, count: number) => Values | null): Warning[];
};

/** `limit` is the number of problems after which reading stops. */
export function createReport(limit = 1_000_000): Report {
  let total = 0;
  const listed: Entry[] = [];
  const counts = new Map<ProblemCode, number>();
  const warned = new Map<WarningCode, { count: number; offsets: number[] }>();
  return {
    isFull: () => total > limit,
    add(code, at, values = {}) {
      total += 1;
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count <= listedPerCode) listed.push({ at, code, values });
    },
    warn(code, at) {
      const known = warned.get(code) ?? { count: 0, offsets: [] };
      known.count += 1;
      if (known.offsets.length < placesPerWarning) known.offsets.push(at);
      warned.set(code, known);
    },
    finish(text) {
      if (total > limit) this.add('problems-too-many', 'file', { limit });
      const placeOf = placer(text);
      const problems = listed.map(({ at, code, values }) => ({
        ...placeOf(typeof at === 'function' ? at() : at),
        code,
        values: typeof values === 'function' ? values(placeOf) : values,
      }));
      return { problems: problems.sort(inOrder), counts: Object.fromEntries(counts), total };
    },
    warnings(text, valuesOf) {
      const placeOf = typeof text === 'string' ? placer(text) : text;
      return [...warned].flatMap(([code, { count, offsets }]) => {
        const values = valuesOf(code, count);
        const places = offsets.map(placeOf);
        return values === null ? [] : [{ ...places[0]!, code, values: { count, ...values }, places }];
      });
    },
  };
}

/** Lines of a big text are indexed only where an offset asks for it. */
function placer(text: string): PlaceOf {
  let placeAt: ((offset: number) => Place) | null = null;
  return (at) => {
    if (at === 'file') return { line: 0, column: 0 };
    if (typeof at !== 'number') return at;
    placeAt ??= placesIn(text);
    return placeAt(at);
  };
}

function inOrder(a: Problem<ProblemCode>, b: Problem<ProblemCode>): number {
  const isMissing = (problem: Problem<ProblemCode>) => Number(problem.code === 'id-missing');
  return isMissing(a) - isMissing(b) || a.line - b.line || a.column - b.column;
}

/** A piece of the file as part of a sentence: cut to size, and without what could steer a terminal or turn text around. */
export function shown(text: string): string {
  const clean = text.slice(0, 200).replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
  const characters = [...clean];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : clean;
}
