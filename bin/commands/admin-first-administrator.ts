import { createFirstAdministratorLink } from '#lib/db/users.ts';
import { ownerEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { withOwnerDatabase } from '../owner-database.ts';

/** `rostrum admin first-administrator`: prints the link that makes the first administrator; refuses where there is one. */
export async function printFirstAdministratorLink(): Promise<void> {
  const path = await withOwnerDatabase(createFirstAdministratorLink);
  if (path === null) throw new RefusedError('has-administrator', 409);
  process.stdout.write(`${ownerEnv().origin}${path}\n`);
}
