/*
 * The server's clock in the browser: countdowns must agree with the rules, whatever the reader's own clock says. The first page
 * sets it; an answer that was never stored (own state, events) corrects it.
 */
let offsetMilliseconds: number | null = null;

/** `now`: the server's instant, just received. A page's own, which a cache may have kept, never overrides a known clock. */
export function setClock(now: string, source: 'page' | 'answer'): void {
  if (source === 'answer' || offsetMilliseconds === null) offsetMilliseconds = Date.parse(now) - Date.now();
}

/** Milliseconds since 1970 by the server's clock, or null while it is unknown. */
export function clockNow(): number | null {
  return offsetMilliseconds === null ? null : Date.now() + offsetMilliseconds;
}
