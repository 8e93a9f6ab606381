import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * Where a path that an organiser typed leads: inside `folder`, relative to it or absolute; null where it leads outside or to the
 * folder itself. Links on the way are not looked at: whoever opens the path has to compare its real place as well.
 */
export function resolveImportPath(folder: string, typed: string): string | null {
  const path = resolve(folder, typed.trim());
  return isInside(folder, path) ? path : null;
}

export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
