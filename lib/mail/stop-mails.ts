import type { Connection } from '#lib/db/client.ts';
import { refuseCategory } from '#lib/db/mail-choices.ts';
import { NotFoundError } from '#lib/errors.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';
import type { OptionalCategory } from '#lib/mail/categories.ts';
import { readUnsubscription } from '#lib/mail/unsubscribe.ts';

/**
 * Ends the kind of mail that a signed link names, for the person that it names. NotFoundError for a link that is not ours and for an
 * account that is gone; wrong links count against the network that tries them.
 */
export async function stopMails(
  db: Connection,
  secret: string,
  { token, network }: { token: string; network: string },
): Promise<OptionalCategory> {
  return countingWrongTokens(db, network, async () => {
    const asked = readUnsubscription(secret, token);
    const isDone = asked !== null && (await refuseCategory(db, asked.userId, asked.category));
    if (!isDone) throw new NotFoundError('mail-link', '');
    return asked.category;
  });
}
