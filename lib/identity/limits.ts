import type { Connection } from '#lib/db/client.ts';
import { chargeLimit, type Limit, refundLimits } from '#lib/db/rate-limits.ts';
import { NotFoundError, UnauthenticatedError } from '#lib/errors.ts';

/*
 * Per account first. A network may be a lecture hall behind one address, so it counts failures alone: wrong passwords, links
 * that nobody confirmed, tokens that do not exist.
 */

const quarterOfAnHour = 900;
const hour = 3_600;

export const wrongPasswordsOfAccount: Limit = { name: 'password', attempts: 10, windowSeconds: quarterOfAnHour };
export const wrongPasswordsOfNetwork: Limit = {
  name: 'password-network',
  attempts: 200,
  windowSeconds: quarterOfAnHour,
};
/** Of an account from a network that its owner signed in from before; counted apart from the guesses of strangers. */
export const wrongPasswordsFromHome: Limit = { name: 'password-home', attempts: 10, windowSeconds: quarterOfAnHour };

export const mailsToAddress: Limit = { name: 'mail', attempts: 5, windowSeconds: hour };
/** Each writes to two mailboxes, and one of them may be anybody's. */
export const newAddressesOfAccount: Limit = { name: 'new-address', attempts: 5, windowSeconds: hour };
export const unconfirmedMailsOfNetwork: Limit = { name: 'mail-network', attempts: 400, windowSeconds: hour };

/** Every file stays on the disk, also once another has taken its place. */
export const slidesOfPerson: Limit = { name: 'slides', attempts: 20, windowSeconds: hour };

const wrongTokensOfNetwork: Limit = { name: 'token-network', attempts: 200, windowSeconds: quarterOfAnHour };

const guessedLinksOfNetwork: Limit = { name: 'link-network', attempts: 200, windowSeconds: quarterOfAnHour };

/** Runs what a mailed link or an API token opens; where it opens nothing, that counts against the network that tried it. */
export async function countingWrongTokens<T>(db: Connection, network: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const isWrongToken = error instanceof NotFoundError || error instanceof UnauthenticatedError;
    if (isWrongToken) await chargeLimit(db, { limit: wrongTokensOfNetwork, subject: network });
    throw error;
  }
}

/**
 * Looks up what an invitation or a mailed link leads to: NotFoundError counts against the network. Unlike tokens, which programs of a whole
 * hall show all day, nobody's work stops where these wait: beyond the limit not even a right guess is answered.
 */
export async function refusingGuesses<T>(db: Connection, network: string, act: () => Promise<T>): Promise<T> {
  const charge = { limit: guessedLinksOfNetwork, subject: network };
  await chargeLimit(db, charge);
  try {
    const found = await act();
    await refundLimits(db, [charge]);
    return found;
  } catch (error) {
    if (!(error instanceof NotFoundError)) await refundLimits(db, [charge]);
    throw error;
  }
}
