/** Makes memory reach to `end`, and as far beyond as vectors may be read. Traps where there is no more. */
export function ensureMemory(end: usize): void {
  reach(end);
}

/** The same; ends are reckoned in 64 bits, since what is wanted may be more than 32 address. */
export function reach(end: u64): void {
  const pages = (end + 64 + 0xffff) >> 16;
  if (pages > 0x10000) unreachable();
  const missing = <i32>pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}
