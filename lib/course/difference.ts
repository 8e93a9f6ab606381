import type { SheetRow } from '#lib/course/sheet.ts';

/** What publishing would change for one student; `from` is null for who was not on the sheet. */
export type SheetChange = { studentId: string; from: number | null; to: number };

/** Students whose points would differ, or be the same in another way, from those of the sheet that is published. */
export function changesOf(published: readonly SheetRow[], current: readonly SheetRow[]): SheetChange[] {
  const before = new Map(published.map((row) => [row.studentId, row]));
  return current.flatMap((row) => {
    const known = before.get(row.studentId);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(row)) return [];
    return [{ studentId: row.studentId, from: known?.total ?? null, to: row.total }];
  });
}

/** How many totals fall into each part of ten points, from 0 on; everything beyond the last goes into it. */
export function histogramOf(totals: readonly number[], most: number): { from: number; to: number; count: number }[] {
  const width = 10;
  const parts = Math.max(1, Math.ceil(most / width));
  const counts = new Array<number>(parts).fill(0);
  for (const total of totals) counts[Math.min(parts - 1, Math.floor(total / width))]! += 1;
  return counts.map((count, i) => ({ from: i * width, to: (i + 1) * width, count }));
}
