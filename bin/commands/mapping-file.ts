import type { Mapping } from '#lib/mapping.ts';
import { localLimits } from '#lib/predictions/limits.ts';
import { readUnpacked, WrongInputError } from './problems.ts';

/** The mapping in a file, plain or gzip. Throws WrongInputError with all that is wrong with it. */
export async function mappingIn(file: string): Promise<Mapping> {
  const { readMapping } = await import('#lib/mapping.ts');
  const parsed = readMapping(await readUnpacked(file, localLimits));
  if (!parsed.ok) throw new WrongInputError(file, parsed.problems, parsed.total);
  return parsed.mapping;
}
