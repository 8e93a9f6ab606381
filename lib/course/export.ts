import type { Sheet, SheetHomework, SheetRow } from '#lib/course/sheet.ts';
import type { Cell } from '#lib/csv.ts';

/** A student as the exported table names them. */
export type ExportedStudent = { studentNumber: string; name: string; groupName: string; email: string };

/** Headings in the reader's language. */
export type ExportTitles = {
  number: string;
  name: string;
  group: string;
  email: string;
  homework: (homework: SheetHomework) => string;
  marked: (title: string) => string;
  handedIn: (title: string) => string;
  baseline: string;
  place: string;
  marks: string;
  attendance: string;
  project: string;
  total: string;
  grade: string;
  attended: (attendance: NonNullable<SheetRow['project']>['attendance']) => string;
  instant: (iso: string) => string;
};

/** A sheet as a table: a line per student, every number a number. Students that are no longer in the course are left out. */
export function sheetTable(
  { homeworks, rows, isComplete }: Sheet,
  students: ReadonlyMap<string, ExportedStudent>,
  titles: ExportTitles,
): { header: string[]; rows: Cell[][] } {
  const names = homeworks.map(titles.homework);
  const header = [
    titles.number,
    titles.name,
    titles.group,
    titles.email,
    ...names.flatMap((name) => [titles.marked(name), titles.handedIn(name), name]),
    titles.baseline,
    titles.place,
    titles.marks,
    titles.attendance,
    titles.project,
    titles.total,
    titles.grade,
  ];
  const lines = rows.flatMap((row) => {
    const student = students.get(row.studentId);
    if (student === undefined) return [];
    const { project } = row;
    return [
      [
        student.studentNumber,
        student.name,
        student.groupName,
        student.email,
        ...row.homework.flatMap(({ marked, handedInAt, points }) => [
          marked,
          handedInAt === null ? null : titles.instant(handedInAt),
          points,
        ]),
        project?.baseline.points ?? null,
        project?.place.points ?? null,
        project?.marks ?? null,
        project === null ? null : titles.attended(project.attendance),
        project?.points ?? null,
        row.total,
        isComplete ? row.grade : null,
      ],
    ];
  });
  return { header, rows: lines };
}
