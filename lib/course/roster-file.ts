import { type Cell, type Columns, isFilled, readTable, type TableFile } from '#lib/course/table-file.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { personName } from '#lib/identity/person-name.ts';
import { type Report, shown } from '#lib/predictions/report.ts';

/** Somebody as a list of the university has them. */
export type RosterEntry = { studentNumber: string; name: string; groupName: string; address: EmailAddress };

/** How lists of universities call the number that a student is known by. */
export const studentNumberColumn = {
  names: ['student_id', 'id', 'student', 'номер', 'студенческий', 'табельный номер'],
  isRequired: true,
} as const;

const columns = {
  studentNumber: studentNumberColumn,
  name: { names: ['name', 'фио', 'имя', 'студент'], isRequired: true },
  email: { names: ['email', 'e-mail', 'mail', 'почта', 'электронная почта'], isRequired: true },
  groupName: { names: ['group', 'группа'], isRequired: false },
} as const satisfies Columns<string>;

const longest = 40;

/** A roster: a number, a name and an address for each student, and a group where there is one. Each stands in it once. */
export function readRoster(bytes: Uint8Array): TableFile<RosterEntry> {
  const isFirst = { number: onlyOnce('student_id'), address: onlyOnce('email') };
  return readTable(bytes, columns, ({ cells }, report) => {
    const isWhole = [
      isFilled(cells.studentNumber, columns.studentNumber.names[0], report) &&
        isShort(cells.studentNumber, 'student_id', report) &&
        isFirst.number(cells.studentNumber, cells.studentNumber.value, report),
      isFilled(cells.name, columns.name.names[0], report),
      isFilled(cells.email, columns.email.names[0], report),
      isShort(cells.groupName, 'group', report),
    ].every(Boolean);
    const name = personName(cells.name.value);
    if (name === null && cells.name.value !== '')
      report.add('roster-name', cells.name.at, { name: shown(cells.name.value) });
    const address = parseEmailAddress(cells.email.value);
    if (address === null && cells.email.value !== '') {
      report.add('roster-email', cells.email.at, { email: shown(cells.email.value) });
    }
    const isOwn = address !== null && isFirst.address(cells.email, address.key, report);
    if (!isWhole || name === null || !isOwn) return null;
    return { studentNumber: cells.studentNumber.value, name, groupName: cells.groupName.value, address };
  });
}

function isShort(cell: Cell, column: string, report: Report): boolean {
  const isFine = [...cell.value].length <= longest && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(cell.value);
  if (!isFine) report.add('cell-long', cell.at, { column, limit: longest });
  return isFine;
}

/** Reports the second of two equal values, and where the first stands. */
export function onlyOnce(column: string): (cell: Cell, key: string, report: Report) => boolean {
  const firstOf = new Map<string, number>();
  return (cell, key, report) => {
    const first = firstOf.get(key);
    if (first === undefined) {
      firstOf.set(key, cell.at);
      return true;
    }
    report.add('cell-twice', cell.at, (placeOf) => ({ column, value: shown(cell.value), first: placeOf(first).line }));
    return false;
  };
}
