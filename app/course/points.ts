import type { HomeworkReason } from '#lib/course/homework.ts';
import type { BaselineReason, PlaceReason } from '#lib/course/project.ts';
import type { Attendance } from '#lib/course/sheet.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Formats } from '#ui/format.ts';

/** What sentences about points are written with. */
export type Words = { t: Translate; formats: Formats };

/** Points with as many digits as they have: `20`, `16,5`, `13,33`. */
export function pointsText({ formats }: Pick<Words, 'formats'>, points: number): string {
  const digits = [0, 1].find((count) => Number.isInteger(points * 10 ** count)) ?? 2;
  return formats.number(points, digits);
}

/** `3 days late: −1.5` */
export function homeworkSentence(words: Words, why: HomeworkReason): string {
  const { t } = words;
  if (why.kind !== 'late') return t(`course.why-${why.kind}`);
  return t('course.why-late', { days: why.days, penalty: pointsText(words, -why.penalty) });
}

export function baselineSentence({ t, formats }: Words, why: BaselineReason): string {
  if (why.kind !== 'not-significant') return t(`course.baseline-${why.kind}`);
  const p = why.pValue === null ? '—' : formats.number(why.pValue, 3);
  return t('course.baseline-not-significant', { p });
}

export function placeSentence({ t }: Words, why: PlaceReason): string {
  if (why.kind !== 'place') return t(`course.baseline-${why.kind}`);
  const { first, last, teams } = why;
  return first === last
    ? t('course.place-alone', { place: first, teams })
    : t('course.place-shared', { first, last, teams });
}

export function attendanceSentence({ t }: Words, attendance: Attendance): string {
  return t(`course.attendance-${attendance ?? 'unrecorded'}`);
}
