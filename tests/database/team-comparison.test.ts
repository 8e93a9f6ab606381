import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '#lib/db/competitions.ts';
import { addAuditOutput } from '#lib/db/label-audits.ts';
import { claimComparison, recordComparison } from '#lib/db/team-comparison-jobs.ts';
import { findLastComparison, listPairs, notePair, requestComparison } from '#lib/db/team-comparisons.ts';
import { sweepWork } from '#lib/db/work-claims.ts';
import type { EvidenceState, PairExamples } from '#lib/evidence.ts';
import { log } from '#lib/log.ts';
import type { Desk } from '#scoring/desk.ts';
import { runComparison } from '#scoring/jobs/compare-teams.ts';
import { aTeam, aUser, type TestUser, type TestUtterance } from '../builders.ts';
import { aContest, type Contest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aDesk } from '../desks.ts';
import { sessionCookie } from '../session.ts';

const secret = randomBytes(32).toString('hex');
let db: TestDatabase;
let desk: Desk;

beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  desk = await aDesk(db.scorer, secret);
});

afterAll(async () => {
  await desk?.close();
});

const split: readonly TestUtterance[] = Array.from({ length: 30 }, (_, i) => ({
  id: `u${i}`,
  reference: `один два слово${i}`,
  fold: i % 3 === 0 ? 'public' : 'private',
}));

/** What a file says: the label, but for these words at the end. */
function file(endings: (i: number) => string | null): Buffer {
  const lines = split.map(({ id, reference }, i) => {
    const ending = endings(i);
    return `${id},${ending === null ? reference : `один два ${ending}`}`;
  });
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

const copied = (i: number) => (i < 12 ? `ложь${i}` : null);

/** Six teams, of which the first two make the same twelve mistakes, and all what a public model makes. */
async function aComparedContest(): Promise<{ contest: Contest; teams: string[]; authors: TestUser[] }> {
  const contest = await aContest(db, {}, split);
  const known = (i: number) => (i >= 20 ? `модель${i}` : null);
  const slips: ((i: number) => string | null)[] = [
    (i) => copied(i) ?? known(i),
    (i) => copied(i) ?? (i === 13 ? 'другое' : known(i)),
    ...[1, 2, 3, 4].map((n) => (i: number) => (i % 7 === n ? `своё${n}` : known(i))),
  ];
  const [teams, authors] = [[contest.team.id], [contest.author]];
  await send(db, contest, 0, { bytes: file(slips[0]!) });
  for (const slip of slips.slice(1)) {
    const { team, people } = await aTeam(db.owner, contest.competition);
    teams.push(team.id);
    authors.push(people[0]!);
    await send(db, { competition: contest.competition, author: people[0]! }, 0, { bytes: file(slip) });
  }
  await scoreAll(db);
  const model = { name: 'model.csv', format: 'csv', content: file(known) };
  await addAuditOutput(db.scorer, contest.competition.id, model, { actorId: null });
  return { contest, teams, authors };
}

async function compare({ competition }: Contest): Promise<void> {
  await requestComparison(db.scorer, competition.id, null);
  await runComparison(db.scorer, (await findLastComparison(db.scorer, competition.id))!.id);
}

describe('a comparison of teams', () => {
  test('puts first whoever makes mistakes that nobody else makes, with the texts and no decision', async () => {
    const { contest, teams } = await aComparedContest();
    await compare(contest);
    expect(await findLastComparison(db.scorer, contest.competition.id)).toMatchObject({
      state: 'done',
      teams: 6,
      knownSystems: 1,
    });
    const pairs = await listPairs(db.scorer, contest.competition.id);
    expect(pairs.map(({ figures }) => figures.standsOut).filter(Boolean)).toHaveLength(1);
    expect(pairs[0]!.sides.map(({ teamId }) => teamId).sort()).toEqual(teams.slice(0, 2).sort());
    expect(pairs[0]).toMatchObject({
      figures: { sharedRare: 12, onlyTheirs: 12, expected: 0, hasSameBytes: false, utterances: 30, sameTexts: 29 },
      examples: 12,
      notes: [],
    });
    expect(pairs[0]!.figures.editDistance).toBeCloseTo(1 / 90, 12);
    const { rows } = await db.owner.execute(sql`
      select (select count(*)::integer from eligibility_marks) as marks,
        (select count(*)::integer from mails) as mails`);
    expect(rows).toEqual([{ marks: 0, mails: 0 }]);
  });

  test('tells files that are the same to the byte, also where they are not the ones that count', async () => {
    const { contest, teams, authors } = await aComparedContest();
    const sending = (author: TestUser, bytes: Buffer) =>
      send(db, { competition: contest.competition, author }, 0, { bytes });
    for (const author of authors.slice(2, 4))
      await sending(
        author,
        file((i) => (i < 28 ? 'плохо' : null)),
      );
    // A sample without a right word says nothing, whoever sends it.
    const sample = Buffer.from(`id,text\n${split.map(({ id }) => `${id},\n`).join('')}`);
    for (const author of authors.slice(4, 6)) await sending(author, sample);
    await scoreAll(db);
    await compare(contest);
    const same = (await listPairs(db.scorer, contest.competition.id)).filter(({ figures }) => figures.hasSameBytes);
    expect(same.map(({ sides }) => sides.map(({ teamId }) => teamId).sort())).toEqual([teams.slice(2, 4).sort()]);
    expect(same[0]!.figures).toMatchObject({ standsOut: true, sharedRare: 0 });
  });

  test('is one at a time, needs two teams, and is taken over from a worker that died', async () => {
    const contest = await aContest(db, {}, split);
    const { id } = contest.competition;
    await requestComparison(db.scorer, id, null);
    await expect(requestComparison(db.scorer, id, null)).rejects.toMatchObject({ code: 'comparison-running' });
    const first = (await claimComparison(db.scorer, (await findLastComparison(db.scorer, id))!.id, 0))!;
    await sweepWork(db.scorer);
    await runComparison(db.scorer, first.id);
    expect(await findLastComparison(db.scorer, id)).toMatchObject({ state: 'failed', failure: 'too-few', attempt: 2 });
    expect(await recordComparison(db.scorer, first, { teams: 0, knownSystems: 0, pairs: [] })).toBe(false);
    await requestComparison(db.scorer, id, null);
  });

  test('leaves nothing that the web can read, and the log names no pair', async () => {
    const { contest, teams } = await aComparedContest();
    await compare(contest);
    await notePair(db.scorer, contest.competition.id, [teams[1]!, teams[0]!], {
      actorId: null,
      reason: 'spoke to both',
    });
    for (const table of ['team_comparisons', 'team_pairs', 'team_pair_notes']) {
      await expect(db.web.execute(sql.raw(`select * from hidden.${table}`))).rejects.toThrow();
    }
    const { rows } = await db.web.execute<{ subject: string; reason: string | null; details: unknown }>(sql`
      select subject, reason, details from events
      where competition_id = ${contest.competition.id} and kind = 'team-pair-looked-at'`);
    expect(rows).toMatchObject([{ subject: contest.competition.id, reason: '' }]);
    expect(JSON.stringify(rows)).not.toContain(teams[0]);
  });
});

describe('the desk for evidence', () => {
  async function cookieOf(contest: Contest, role: 'organiser' | 'assistant'): Promise<string> {
    const user = await aUser(db.owner);
    await grantRole(db.owner, contest.competition.id, user.id, role, { actorId: null });
    return (await sessionCookie({ secret }, db.owner, user.id)).Cookie;
  }

  test('shows pairs and texts to organisers, and keeps what they make of them over the next comparison', async () => {
    const { contest } = await aComparedContest();
    const [organiser, assistant] = [await cookieOf(contest, 'organiser'), await cookieOf(contest, 'assistant')];
    const ask = (path: string, init: RequestInit = {}, cookie = organiser) => {
      const headers = { 'Accept-Language': 'en', 'X-Rostrum-Address': '127.0.0.1', Cookie: cookie };
      return fetch(`${desk.url}/${contest.competition.slug}/labels/evidence${path}`, { ...init, headers });
    };
    const read = async (): Promise<EvidenceState> => (await ask('')).json();
    const [before, refused] = [await read(), await ask('', {}, assistant)];
    expect(before).toEqual({ teams: 6, knownSystems: 1, last: null, pairs: [] });
    expect(refused.status).toBe(404);
    expect((await ask('/start', { method: 'POST' }, assistant)).status).toBe(404);
    expect((await ask('/start', { method: 'POST' })).status).toBe(204);
    await runComparison(db.scorer, (await findLastComparison(db.scorer, contest.competition.id))!.id);
    const [{ sides } = { sides: [] }] = (await read()).pairs;
    const [first, second] = sides.map(({ teamId }) => teamId);
    const query = new URLSearchParams({ first: first!, second: second! });
    const { items }: PairExamples = await (await ask(`/examples?${query}`)).json();
    expect(items).toHaveLength(12);
    expect(items[0]!.steps[0].at(-1)).toEqual({ kind: 'substitution', reference: 'слово0', hypothesis: 'ложь0' });
    expect(items[0]!.steps[0]).toEqual(items[0]!.steps[1]);

    const note = (text: string) =>
      ask('/note', { method: 'POST', body: JSON.stringify({ first, second, note: text }) });
    expect((await note(' ')).status).toBe(422);
    expect((await note('both teams showed their code')).status).toBe(204);
    await compare(contest);
    expect((await read()).pairs[0]!.notes).toMatchObject([{ note: 'both teams showed their code' }]);
  });
});
