import type { Connection } from '#lib/db/client.ts';
import { mailFirstReceipts } from '#lib/db/first-receipts.ts';
import { mailHomeworkReminders } from '#lib/db/homework-reminders.ts';
import { mailMovedDates } from '#lib/db/moved-dates.ts';
import { mailPhases } from '#lib/db/phase-mails.ts';
import { mailResults } from '#lib/db/result-mails.ts';

/**
 * Writes every mail that has become due by the clock of rules. Each is derived from what is stored and written once: its row in
 * `mailed_events` and its mails are one transaction, so any number of processes may sweep, at any time and after any pause. All of it
 * is read as the role of the web: no mail tells more than a page would.
 */
export async function writeDueMails(db: Connection, site: string): Promise<void> {
  await mailPhases(db, site);
  await mailMovedDates(db, site);
  await mailFirstReceipts(db, site);
  await mailResults(db, site);
  await mailHomeworkReminders(db, site);
}
