/** Makes memory reach to `end`, and as far beyond as vectors may be read. Traps where there is no more. */
export function ensureMemory(end: usize): void {
  const pages = <i32>((end + 64 + 0xffff) >> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable();
}
