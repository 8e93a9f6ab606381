import { type BoardFault, replayBoards } from '#lib/db/board-replay.ts';
import type { Connection } from '#lib/db/client.ts';
import { getCompetition, listCompetitions } from '#lib/db/competitions.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Problem } from '#lib/problems.ts';
import { findTies } from '#scoring/board-ties.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { WrongInputError } from './problems.ts';

/** `rostrum admin verify --boards`: every snapshot of one competition, or of all, is drawn again; the first that differs is named. */
export async function verifyBoards(slug: string | null, t: Translate): Promise<void> {
  await withOwnerDatabase(async (db) => {
    const faulty: WrongInputError[] = [];
    for (const competition of await listOf(db, slug)) {
      const { replayed, earlier, fault } = await replayBoards(db, competition.id, findTies);
      if (fault !== null) faulty.push(new WrongInputError(`boards of ${competition.slug}`, [problemOf(fault)]));
      else process.stdout.write(`${t('log.replayed', { slug: competition.slug, replayed, earlier })}\n`);
    }
    if (faulty.length === 1) throw faulty[0];
    if (faulty.length > 1) throw new AggregateError(faulty);
  });
}

async function listOf(db: Connection, slug: string | null) {
  return slug === null ? listCompetitions(db) : [await getCompetition(db, slug)];
}

/** The line is the snapshot's version, where it is about one. */
function problemOf(fault: BoardFault): Problem {
  const { kind, ...values } = fault;
  const line = 'version' in fault ? (fault.version ?? 0) : 0;
  const printed = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return { line, column: 0, code: `replay-${kind}`, values: Object.fromEntries(printed) };
}
