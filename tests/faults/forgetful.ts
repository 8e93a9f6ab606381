import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#lib/db/client.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import {
  aCompetition,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  type TestUser,
  tenUtterances,
} from '../builders.ts';
import { createTestDatabase, dropTestDatabase, type startTestCluster } from '../cluster.ts';
import { type Acknowledged, findViolations, type Violation } from '../invariants.ts';

/*
 * Forty clients without a web before them, on a server whose every process is killed at once: where a commit waits until it is written,
 * all that it answered is there; where it does not, which is the control, the last of it is lost.
 */

const clients = 40;
/** So many files are acknowledged before the server is killed. */
const enough = 400;

/** What the checker finds after the server was killed, and how many files had been acknowledged. */
export async function crashUnder(
  { cluster, crash }: Awaited<ReturnType<typeof startTestCluster>>,
  synchronousCommit: 'on' | 'off',
): Promise<{ acknowledged: number; violations: Violation[] }> {
  const urls = await createTestDatabase(cluster);
  const owner = openDatabase(urls.ownerUrl, { name: 'faults' });
  // What the address says goes before what the program says.
  const options = encodeURIComponent(`-c synchronous_commit=${synchronousCommit} -c TimeZone=UTC`);
  const web = openDatabase(`${urls.webUrl}?options=${options}`, { connections: clients });
  const competition = await aTestSplit(owner, await aCompetition(owner, { dailyQuota: 1000 }));
  const acknowledged: Acknowledged[] = [];
  const handIn = async (author: TestUser) => {
    for (;;) {
      const bytes = aPredictionsFile(tenUtterances, 2);
      const sentAt = new Date();
      const upload = anUpload(competition, author, { bytes, idempotencyKey: randomUUID() });
      const { submission } = await createSubmission(web, upload);
      const { id, late, receivedAt, sha256 } = submission;
      const receipt = { id, late, receivedAt: receivedAt.toISOString(), sha256: sha256.toString('hex') };
      acknowledged.push({ receipt, sentAt, answeredAt: new Date() });
    }
  };
  const people = await Promise.all(Array.from({ length: clients }, () => aTeam(owner, competition)));
  const ended = people.map(({ people: [author] }) => handIn(author!).catch(() => {}));
  while (acknowledged.length < enough) await sleep(5);
  await crash();
  await Promise.all(ended);
  const violations = await findViolations(owner, competition, acknowledged, { isQuiet: false });
  await Promise.all([owner.$client.end(), web.$client.end()]);
  await dropTestDatabase(cluster, urls.name);
  return { acknowledged: acknowledged.length, violations };
}
