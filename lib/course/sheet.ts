import {
  type Deadlines,
  deadlinesWith,
  type HomeworkReason,
  type Marked,
  pointsOfHomework,
} from '#lib/course/homework.ts';
import { nothingFor, pointsOfTeams, type TeamPoints } from '#lib/course/project.ts';
import { type CourseSettings, roundPoints } from '#lib/course/settings.ts';
import type { Results } from '#lib/finals.ts';

/*
 * The sheet of a course: every student's points, each with how it came about. Pure, and plain data throughout: instants are ISO texts,
 * so that a published sheet is stored as it is and reads the same for ever.
 */

export type Homework = Deadlines & { id: string; titleRu: string; titleEn: string; maxPoints: number };

/** Whether somebody took part in the public defence: null until that was recorded; excused by an override with its reason. */
export type Attendance = 'attended' | 'excused' | 'absent' | null;

export type Student = {
  id: string;
  marked: ReadonlyMap<string, Marked>;
  extensions: ReadonlyMap<string, Deadlines>;
  /** Of the linked competition; null for who has none. */
  teamId: string | null;
  attendance: Attendance;
};

export type HomeworkItem = {
  homeworkId: string;
  /** Before anything was taken off; null where nothing was handed in. */
  marked: number | null;
  handedInAt: string | null;
  softAt: string;
  hardAt: string;
  isExtended: boolean;
  points: number;
  why: HomeworkReason;
};

/**
 * `marks` are the points for jurors' marks; null where those give none. `points` are 0 where the gate is shut, whatever the team
 * earned.
 */
export type ProjectItem = TeamPoints & { marks: number | null; attendance: Attendance; points: number };

export type Grade = 2 | 3 | 4 | 5;

export type SheetRow = {
  studentId: string;
  homework: readonly HomeworkItem[];
  /** Null until the competition's result is there. */
  project: ProjectItem | null;
  total: number;
  /** By the points so far; final once `project` is there. */
  grade: Grade;
};

export type SheetHomework = { id: string; titleRu: string; titleEn: string; maxPoints: number };
export type Sheet = {
  timeZone: string;
  settings: CourseSettings;
  homeworks: readonly SheetHomework[];
  /** Whether the project counts in it. Until then grades are no more than a forecast, and nobody is shown one. */
  isComplete: boolean;
  rows: readonly SheetRow[];
};

export type SheetInput = {
  timeZone: string;
  settings: CourseSettings;
  homeworks: readonly Homework[];
  students: readonly Student[];
  /** Null before the reveal, and without a competition. */
  results: Pick<Results, 'rows'> | null;
  /** By team; null where an organiser gives none for marks. */
  pointsForMarks?: ReadonlyMap<string, number> | null;
};

export function makeSheet(input: SheetInput): Sheet {
  const { timeZone, settings, homeworks, students, results, pointsForMarks = null } = input;
  const teams = results && pointsOfTeams(results, settings);
  const rows = students.map((student) => {
    const homework = homeworks.map((one) => homeworkItem(one, student, { ...settings, timeZone }));
    const project = teams && projectItem(student, teams, pointsForMarks);
    const total = roundPoints(homework.reduce((sum, { points }) => sum + points, project?.points ?? 0));
    return { studentId: student.id, homework, project, total, grade: gradeOf(total, settings) };
  });
  const named = homeworks.map(({ id, titleRu, titleEn, maxPoints }) => ({ id, titleRu, titleEn, maxPoints }));
  return { timeZone, settings, homeworks: named, isComplete: teams !== null, rows };
}

export function gradeOf(total: number, { thresholds }: Pick<CourseSettings, 'thresholds'>): Grade {
  if (total >= thresholds[5]) return 5;
  if (total >= thresholds[4]) return 4;
  return total >= thresholds[3] ? 3 : 2;
}

/** How many students have each grade. */
export function countGrades(rows: readonly SheetRow[]): Record<Grade, number> {
  const counts = { 2: 0, 3: 0, 4: 0, 5: 0 };
  for (const { grade } of rows) counts[grade] += 1;
  return counts;
}

/**
 * The best so many of those who consented, most points first. Who has as many points as the last of them is on it, too: chance and
 * names decide nothing.
 */
export function shortlistOf(rows: readonly SheetRow[], consented: ReadonlySet<string>, size: number): SheetRow[] {
  const willing = rows.filter(({ studentId }) => consented.has(studentId)).sort((a, b) => b.total - a.total);
  const least = willing[size - 1]?.total ?? Number.NEGATIVE_INFINITY;
  return willing.filter(({ total }) => total >= least);
}

function homeworkItem(
  homework: Homework,
  student: Student,
  rule: Pick<CourseSettings, 'penaltyPerDay'> & { timeZone: string },
): HomeworkItem {
  const marked = student.marked.get(homework.id) ?? null;
  const agreed = student.extensions.get(homework.id) ?? null;
  const deadlines = deadlinesWith(homework, agreed);
  return {
    homeworkId: homework.id,
    marked: marked?.points ?? null,
    handedInAt: marked?.handedInAt.toISOString() ?? null,
    softAt: deadlines.softAt.toISOString(),
    hardAt: deadlines.hardAt.toISOString(),
    isExtended: deadlines.softAt > homework.softAt || deadlines.hardAt > homework.hardAt,
    ...pointsOfHomework(marked, deadlines, rule),
  };
}

/** No public defence, no project points: a gate, and no mark. */
function projectItem(
  { teamId, attendance }: Student,
  teams: ReadonlyMap<string, TeamPoints>,
  pointsForMarks: ReadonlyMap<string, number> | null,
): ProjectItem {
  const earned = teamId === null ? nothingFor('no-team') : (teams.get(teamId) ?? nothingFor('no-result'));
  const marks = pointsForMarks && (pointsForMarks.get(teamId ?? '') ?? 0);
  const isOpen = attendance === 'attended' || attendance === 'excused';
  const points = isOpen ? roundPoints(earned.baseline.points + earned.place.points + (marks ?? 0)) : 0;
  return { ...earned, marks, attendance, points };
}
