import { onlyOnce, studentNumberColumn } from '#lib/course/roster-file.ts';
import { type Columns, isFilled, readTable, type TableFile } from '#lib/course/table-file.ts';
import { shown } from '#lib/predictions/report.ts';
import { fromTypedInstant } from '#lib/time.ts';

/** What one student handed in. */
export type ResultEntry = { studentNumber: string; points: number; handedInAt: Date };

const columns = {
  studentNumber: studentNumberColumn,
  points: { names: ['points', 'score', 'баллы', 'балл'], isRequired: true },
  handedInAt: { names: ['handed_in', 'handed_in_at', 'submitted', 'сдано', 'сдана', 'время сдачи'], isRequired: true },
} as const satisfies Columns<string>;

type Rules = {
  timeZone: string;
  maxPoints: number;
  /** Whether there is such a student in the course. */
  isStudent: (studentNumber: string) => boolean;
};

/**
 * Points and hand-in times of one homework, by student number; lines that have neither say nothing. Times without an offset are of the
 * course's zone.
 */
export function readResults(bytes: Uint8Array, { timeZone, maxPoints, isStudent }: Rules): TableFile<ResultEntry> {
  const isFirst = onlyOnce('student_id');
  return readTable(bytes, columns, ({ cells }, report) => {
    const { studentNumber: number } = cells;
    // A list of everybody, in which not everybody handed in.
    if (cells.points.value === '' && cells.handedInAt.value === '') return null;
    const isWhole = [
      isFilled(number, columns.studentNumber.names[0], report) && isFirst(number, number.value, report),
      isFilled(cells.points, columns.points.names[0], report),
      isFilled(cells.handedInAt, columns.handedInAt.names[0], report),
    ].every(Boolean);
    if (number.value !== '' && !isStudent(number.value)) {
      report.add('results-student', number.at, { number: shown(number.value) });
      return null;
    }
    const points = readPoints(cells.points.value, maxPoints);
    if (points === null && cells.points.value !== '') {
      report.add('results-points', cells.points.at, { value: shown(cells.points.value), most: maxPoints });
    }
    const handedInAt = fromTypedInstant(cells.handedInAt.value, timeZone);
    if (handedInAt === null && cells.handedInAt.value !== '') {
      report.add('results-instant', cells.handedInAt.at, { value: shown(cells.handedInAt.value) });
    }
    if (!isWhole || points === null || handedInAt === null) return null;
    return { studentNumber: number.value, points, handedInAt };
  });
}

/** Points as they are typed, with a point or a comma and at most two digits after it; null where they are none, or more than `most`. */
export function readPoints(typed: string, most: number): number | null {
  const text = typed.trim().replace(',', '.');
  if (!/^\d{1,4}(\.\d{1,2})?$/.test(text)) return null;
  const points = Number(text);
  return points <= most ? points : null;
}
