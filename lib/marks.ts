/*
 * What jurors' marks come to. They decide nothing by themselves: an organiser says what full marks are worth, and unless they do,
 * marks give no points.
 */

/** Marks of a criterion go from 1 to `highest`. */
export type Criterion = { id: string; highest: number };

/** One juror's mark for one team. */
export type Mark = { jurorId: string; criterionId: string; mark: number };

/** Whether a juror has marked a team by every criterion: an unfinished sheet counts for nothing. */
export function isComplete(criteria: readonly Criterion[], marks: readonly Mark[]): boolean {
  return criteria.length > 0 && criteria.every(({ id }) => marks.some(({ criterionId }) => criterionId === id));
}

/** The mean of a criterion over those who marked it; null where nobody did. */
export function meanOf(criterionId: string, marks: readonly Mark[]): number | null {
  const given = marks.filter((mark) => mark.criterionId === criterionId);
  return given.length === 0 ? null : given.reduce((sum, { mark }) => sum + mark, 0) / given.length;
}

/**
 * A team's share of full marks, 0 to 1: of every juror who marked it by all criteria, the sum of marks over the sum of the highest; of
 * those, the mean. Null where nobody's sheet is complete.
 */
export function shareOfMarks(criteria: readonly Criterion[], marks: readonly Mark[]): number | null {
  const highest = criteria.reduce((sum, criterion) => sum + criterion.highest, 0);
  const known = new Set(criteria.map(({ id }) => id));
  const byJuror = new Map<string, Mark[]>();
  for (const mark of marks.filter(({ criterionId }) => known.has(criterionId))) {
    byJuror.set(mark.jurorId, [...(byJuror.get(mark.jurorId) ?? []), mark]);
  }
  const shares = [...byJuror.values()]
    .filter((own) => isComplete(criteria, own))
    .map((own) => own.reduce((sum, { mark }) => sum + mark, 0) / highest);
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/**
 * Points for a team's marks: its share times what full marks are worth, rounded half up to hundredths. Null where the organiser gives none for
 * marks (`pointsForMarks` null), or nobody marked the team.
 */
export function pointsFromMarks(
  pointsForMarks: number | null,
  criteria: readonly Criterion[],
  marks: readonly Mark[],
): number | null {
  const share = pointsForMarks === null ? null : shareOfMarks(criteria, marks);
  // A little above, so that 0.125 in binary is not a hair below itself.
  return share === null ? null : Math.round(share * pointsForMarks! * 100 + 1e-7) / 100;
}
