import type { Connection } from '#lib/db/client.ts';
import { getCompetition, listCompetitions } from '#lib/db/competitions.ts';
import { chainEvents, checkChain, installationChain, recordCheck } from '#lib/db/log-chain.ts';
import { type LogFault, problemOfFault } from '#lib/log-chain.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Problem } from '#lib/problems.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { WrongInputError } from './problems.ts';

/** `noted`: a head of the competition's chain that somebody wrote down. */
type Which = { slug: string | null; noted: string | null };
type Chain = { id: string; name: string };

/** `rostrum admin verify --log`: the chain of one competition, or every chain; the first fault of each is named. */
export async function verifyLog({ slug, noted }: Which, t: Translate): Promise<void> {
  await withOwnerDatabase(async (db) => {
    await chainEvents(db);
    const faulty: WrongInputError[] = [];
    for (const { id, name } of await listNamed(db, slug)) {
      const checked = await recordCheck(db, id);
      const { head, fault } = checked.fault === null && noted !== null ? await checkChain(db, id, noted) : checked;
      if (fault === null) process.stdout.write(`${t('log.verified', { name, ...head })}\n`);
      else faulty.push(new WrongInputError(name, [problemOf(fault)]));
    }
    if (faulty.length === 1) throw faulty[0];
    if (faulty.length > 1) throw new AggregateError(faulty);
  });
}

async function listNamed(db: Connection, slug: string | null): Promise<Chain[]> {
  if (slug !== null) return [{ id: (await getCompetition(db, slug)).id, name: `log of ${slug}` }];
  const all = await listCompetitions(db);
  return [{ id: installationChain, name: 'log' }, ...all.map(({ id, slug }) => ({ id, name: `log of ${slug}` }))];
}

/** The line is the place in the chain, where there is one. */
function problemOf(fault: LogFault): Problem {
  const line = 'position' in fault ? (fault.position ?? 0) : 0;
  return { line, column: 0, ...problemOfFault(fault) };
}
