import type { Connection } from '#lib/db/client.ts';
import { recordUndelivered } from '#lib/db/undeliverable.ts';
import { isMailboxGone, mailOfBounceAddress } from '#lib/mail/bounces.ts';
import { readDeliveryReport } from '#lib/mail/delivery-report.ts';

/**
 * marked: the address takes no mail from now on. passing: it said no for a reason that may pass, or the mail is only late. forgotten:
 * the mail is, or its person has another address now. foreign: it came to no address that we sent a mail from.
 */
export type TakenBounce = 'marked' | 'passing' | 'forgotten' | 'foreign';

/** Takes what came back to the mailbox of MAIL_BOUNCES. Nobody can make one up about others: its address is signed for one mail. */
export async function takeBounce(db: Connection, secret: string, message: Uint8Array): Promise<TakenBounce> {
  const { addressees, undelivered } = await readDeliveryReport(message);
  const mailId = addressees.map((address) => mailOfBounceAddress(secret, address)).find((id) => id !== null);
  if (mailId === undefined) return 'foreign';
  const gone = undelivered.find((one) => isMailboxGone({ ...one, isOfMailbox: true }));
  if (gone === undefined) return 'passing';
  return (await recordUndelivered(db, mailId, gone.text)) ? 'marked' : 'forgotten';
}
