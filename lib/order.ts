/*
 * Orders that two rules of the board share. Neither hangs on the machine that sorts.
 */

export type Arrival = { submissionId: string; receivedAt: Date };

/** The earlier one first; of the same instant, by id. */
export function byArrival(a: Arrival, b: Arrival): number {
  return a.receivedAt.getTime() - b.receivedAt.getTime() || compareText(a.submissionId, b.submissionId);
}

/** By code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
