/** `items` with the one at `from` standing at `to`; both are places of the list, and what lies beyond its ends is its end. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, i) => i !== from);
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, items[from]!);
  return rest;
}
