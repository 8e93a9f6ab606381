import { createHash, randomUUID } from 'node:crypto';
import type { ReceiptAnswer } from '#lib/api/answers.ts';
import type { Competition } from '#lib/competition.ts';
import type { Database } from '#lib/db/client.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { clientEnvironment } from '../../bin/client/environment.mjs';
import { patienceMs } from '../../bin/client/retries.ts';
import { connect, type Server } from '../../bin/client/server.ts';
import { aPredictionsFile, aTeam, tenUtterances } from '../builders.ts';
import { type Acknowledged, findViolations } from '../invariants.ts';
import type { Report } from '../report.ts';

/** Somebody in a team of one, with the client that teams have. */
export type Entrant = { server: Server; token: string; teamId: string };

export async function anEntrant(owner: Database, url: string, competition: Competition): Promise<Entrant> {
  const { team, people } = await aTeam(owner, competition);
  const token = await createApiToken(owner, people[0]!.id, { name: 'faults', scopes: ['submit'], days: null });
  const server = connect({ address: url, token, language: 'en' }, clientEnvironment());
  server.patience = patienceMs.work;
  return { server, token, teamId: team.id };
}

/** As the client sends a file; the server has the last word on what becomes of it. */
export async function handInFile(
  { server }: Pick<Entrant, 'server'>,
  { slug }: Competition,
  body: Buffer = aPredictionsFile(tenUtterances, 3),
): Promise<Acknowledged> {
  const headers = {
    'Content-Type': 'text/csv',
    'Content-Digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
    'Idempotency-Key': randomUUID(),
  };
  const sentAt = new Date();
  const path = `/competitions/${slug}/submissions?split=test&file=faults.csv`;
  const receipt = await server.json<ReceiptAnswer>(path, { method: 'POST', headers, body });
  return { receipt, sentAt, answeredAt: new Date() };
}

/** One line for all nine invariants, and each that does not hold. */
export async function reportInvariants(
  report: Report,
  name: string,
  owner: Database,
  competition: Competition,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const violations = await findViolations(owner, competition, acknowledged);
  for (const { invariant, problem } of violations.slice(0, 10)) console.log(`  ${invariant}: ${problem}`);
  report.atMost(`${name}: invariants that do not hold`, violations.length, 0, 'violations');
}
