import { readPoints } from '#lib/course/results-file.ts';
import { type CourseSettings, shortlistSizes } from '#lib/course/settings.ts';

/** Settings as a form has them: every field a text. */
export type TypedSettings = {
  penaltyPerDay: string;
  baselinePoints: string;
  baselineNeedsSignificance: boolean;
  placePoints: string;
  /** Points of the places from the first on, parted by spaces or semicolons; empty for the scale. */
  placeTable: string;
  equalBy: 'errors' | 'tie-classes';
  threshold3: string;
  threshold4: string;
  threshold5: string;
  shortlistSize: string;
};

type Read = { ok: true; settings: CourseSettings } | { ok: false; field: keyof TypedSettings };

const most = 1000;

/** The first field that cannot be meant is named: no number, thresholds that fall, a later place worth more than an earlier one. */
export function readSettings(typed: TypedSettings): Read {
  const numbers = {} as Record<NumberField, number>;
  for (const field of numberFields) {
    const number = readPoints(typed[field], most);
    if (number === null) return { ok: false, field };
    numbers[field] = number;
  }
  const placeTable = readPlaceTable(typed.placeTable);
  if (placeTable === undefined) return { ok: false, field: 'placeTable' };
  const { threshold3, threshold4, threshold5, ...points } = numbers;
  if (threshold4 <= threshold3) return { ok: false, field: 'threshold4' };
  if (threshold5 <= threshold4) return { ok: false, field: 'threshold5' };
  const shortlistSize = Number(typed.shortlistSize);
  const { least, most: largest } = shortlistSizes;
  if (!Number.isInteger(shortlistSize) || shortlistSize < least || shortlistSize > largest) {
    return { ok: false, field: 'shortlistSize' };
  }
  const { baselineNeedsSignificance, equalBy } = typed;
  const thresholds = { 3: threshold3, 4: threshold4, 5: threshold5 };
  return {
    ok: true,
    settings: { ...points, baselineNeedsSignificance, placeTable, equalBy, thresholds, shortlistSize },
  };
}

const numberFields = [
  'penaltyPerDay',
  'baselinePoints',
  'placePoints',
  'threshold3',
  'threshold4',
  'threshold5',
] as const satisfies readonly (keyof TypedSettings)[];
type NumberField = (typeof numberFields)[number];

/** Null for the scale, undefined for what is no table. */
function readPlaceTable(typed: string): number[] | null | undefined {
  const parts = typed.split(/[\s;]+/).filter(Boolean);
  if (parts.length === 0) return null;
  const points = parts.map((part) => readPoints(part, most));
  const isFine = points.every((value, i) => value !== null && (i === 0 || value <= (points[i - 1] ?? 0)));
  return isFine && points.length <= 200 ? points.flatMap((value) => value ?? []) : undefined;
}
