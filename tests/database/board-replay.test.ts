import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { replayBoards } from '#lib/db/board-replay.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { markTeam } from '#lib/db/eligibility.ts';
import { editLabels } from '#lib/db/label-drafts.ts';
import { applyDraft, requestRescore } from '#lib/db/label-rescores.ts';
import { republishScores } from '#lib/db/score-records.ts';
import { markGuest, mergeTeams, renameTeamFor } from '#lib/db/team-administration.ts';
import type { Team } from '#lib/db/teams.ts';
import { setVoided } from '#lib/db/voiding.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import {
  aCompetition,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  hoursFromNow,
  type TestUser,
  tenUtterances,
} from '../builders.ts';
import { rostrum } from '../command.ts';
import { scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { asSuperuser } from '../superuser.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = { actorId: null, reason: 'because', site: 'https://rostrum.example.org' };

type Entrant = { team: Team; author: TestUser };
type History = {
  competition: Competition;
  entrants: Entrant[];
  sent: string[];
  /** Whole numbers below `most`, the same for the same seed. */
  draw(most: number): number;
};

async function begin(seed: number, policy: 'open' | 'ladder'): Promise<History> {
  const given = { dailyQuota: 1000, teamSize: 8, publishedAt: null, policy, submissionsStartAt: hoursFromNow(-2) };
  const competition = await aTestSplit(db.owner, await aCompetition(db.owner, given));
  await pin(competition, 20);
  await scoreAll(db);
  await updateCompetition(db.web, competition.id, { publishedAt: hoursFromNow(-1) }, { actorId: null });
  const entrants: Entrant[] = [];
  for (let i = 0; i < 4; i += 1) {
    const { team, people } = await aTeam(db.owner, competition, { people: 2 });
    entrants.push({ team, author: people[0]! });
  }
  const random = createRandom(seed);
  return { competition, entrants, sent: [], draw: (most) => drawBelow(random, most) };
}

async function pin({ id }: Competition, wrong: number): Promise<void> {
  const bytes = aPredictionsFile(tenUtterances, wrong);
  const sha256 = createHash('sha256').update(bytes).digest();
  const parsed = { format: 'csv', warnings: [] };
  const about = { name: 'Baseline', fileName: 'b.csv', note: '', codeLink: null, parsed, split: 'test' as const };
  await pinBaseline(db.web, id, { ...about, bytes, sha256 }, { actorId: null });
}

const redraw = (competitionId: string) => db.scorer.transaction((tx) => republishScores(tx, competitionId, findTies));

async function upload(history: History): Promise<void> {
  const { competition, entrants, draw } = history;
  const { author } = entrants[draw(entrants.length)]!;
  const { id } = await send(db, { competition, author }, draw(26));
  history.sent.push(id);
  await scoreAll(db);
}

async function relabel({ competition, draw }: History): Promise<void> {
  const reference = `раз два ${'три '.repeat(draw(4))}`.trim();
  await editLabels(db.scorer, competition.id, [{ id: `u${1 + draw(5)}`, reference }], act);
  const { id } = await requestRescore(db.scorer, competition.id, null);
  await runRescore(db.scorer, withoutThreads, id);
  await applyDraft(db.scorer, competition.id, act, findTies);
}

/** What may happen to a board; `draw` chooses to whom. Not everything is drawn at once: the next score then finds it. */
const acts: ((history: History) => Promise<unknown>)[] = [
  upload,
  upload,
  upload,
  async ({ competition, sent, draw }) => {
    if (sent.length === 0) return;
    const key = { competitionId: competition.id, submissionId: sent[draw(sent.length)]! };
    await setVoided(db.web, key, draw(3) > 0, act);
  },
  ({ competition, entrants, draw }) => {
    const key = { competitionId: competition.id, teamId: entrants[draw(entrants.length)]!.team.id };
    return renameTeamFor(db.web, key, `Команда ${draw(1e9)} "«`, act);
  },
  ({ competition, entrants, draw }) => {
    const key = { competitionId: competition.id, teamId: entrants[draw(entrants.length)]!.team.id };
    return markGuest(db.web, key, draw(2) === 0, act);
  },
  ({ competition, entrants, draw }) => {
    const key = { competitionId: competition.id, teamId: entrants[draw(entrants.length)]!.team.id };
    return markTeam(db.web, key, draw(2) === 0, act);
  },
  async ({ competition, entrants, draw }) => {
    if (entrants.length < 3) return;
    const [from] = entrants.splice(draw(entrants.length), 1);
    const key = { competitionId: competition.id, teamId: entrants[0]!.team.id };
    await mergeTeams(db.web, key, from!.team.id, act);
  },
  relabel,
  async ({ competition, draw }) => {
    await pin(competition, 10 + draw(10));
    await scoreAll(db);
  },
  ({ competition }) => redraw(competition.id),
];

async function live(history: History, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) await acts[history.draw(acts.length)]!(history);
}

async function freeze({ competition }: History): Promise<void> {
  await db.owner.execute(sql`update competitions set freezes_at = rostrum_now() where id = ${competition.id}`);
}

const verify = ({ slug }: Competition) => rostrum(db.ownerUrl, 'admin', 'verify', '--boards', '--competition', slug);

describe('every board of a random history', () => {
  test.each([
    [1, 'open'],
    [2, 'open'],
    [3, 'ladder'],
    [4, 'ladder'],
  ] as const)('comes out the same to the byte when it is drawn again (seed %i, %s)', async (seed, policy) => {
    const history = await begin(seed, policy);
    await live(history, 18);
    await freeze(history);
    await live(history, 4);
    await db.owner.execute(sql`update competitions set freezes_at = null where id = ${history.competition.id}`);
    await upload(history);
    const { replayed, earlier, fault } = await replayBoards(db.owner, history.competition.id, findTies);
    expect({ earlier, fault }).toEqual({ earlier: 0, fault: null });
    expect(replayed).toBeGreaterThan(5);
  });

  test('is the same when people act while boards are drawn', async () => {
    const history = await begin(5, 'open');
    const { competition, entrants } = history;
    const renaming = entrants.map(async ({ team }) => {
      const key = { competitionId: competition.id, teamId: team.id };
      for (let i = 0; i < 5; i += 1) await renameTeamFor(db.web, key, `${team.name} ${i}`, act);
      for (let i = 0; i < 5; i += 1) await markGuest(db.web, key, i % 2 === 0, act);
    });
    for (let i = 0; i < 6; i += 1) await upload(history);
    await Promise.all(renaming);
    await redraw(competition.id);
    expect(await replayBoards(db.owner, competition.id, findTies)).toMatchObject({ fault: null });
  });
});

test('(control) a verdict of the ladder that was turned round in all tables alike is noticed', async () => {
  const history = await begin(7, 'ladder');
  for (let i = 0; i < 4; i += 1) await upload(history);
  const { id } = history.competition;
  expect((await replayBoards(db.owner, id, findTies)).fault).toBeNull();
  await asSuperuser(
    db,
    `update hidden.board_inputs set body = body || '{"verdict":"waiting"}'
      where competition_id = '${id}' and body->>'verdict' = 'no-improvement'`,
    `update events e set details = e.details || jsonb_build_object('inputsSha256', (
        select encode(sha256(convert_to(coalesce(string_agg(netstring(i.id::text) || netstring(i.kind)
          || netstring(i.subject::text) || netstring((i.body - 'counts')::text), '' order by i.id), ''), 'UTF8')), 'hex')
        from hidden.board_inputs i where i.competition_id = '${id}' and i.id <= b.inputs_through
          and i.id > coalesce((select c.inputs_through from board_snapshots c
            where c.competition_id = '${id}' and c.version = b.version - 1), 0)))
      from board_snapshots b where b.competition_id = '${id}' and e.competition_id = '${id}'
        and e.kind = 'board-drawn' and (e.details->>'version')::bigint = b.version`,
  );
  expect((await replayBoards(db.owner, id, findTies)).fault).toMatchObject({ kind: 'verdict-differs' });
});

describe('a replay notices (control)', () => {
  test.each([
    [
      'a count',
      'counts-differ',
      `update hidden.counts set substitutions = substitutions - 1, hits = hits + 1
      where ctid = (select c.ctid from hidden.counts c join submissions s on s.id = c.submission_id
        where s.competition_id = '$id' and c.fold = 'public' order by c.substitutions desc limit 1)`,
    ],
    [
      'a stored board',
      'board-not-logged',
      `update board_snapshots set body = replace(body, '"entries":1', '"entries":2')
      where competition_id = '$id' and version = 2`,
    ],
    [
      'a board that is gone',
      'board-missing',
      `delete from board_snapshots where competition_id = '$id' and version = 2`,
    ],
    [
      'what a board was drawn from',
      'inputs-not-logged',
      `update hidden.board_inputs set body = body || '{"name":"x"}'
      where id = (select max(id) from hidden.board_inputs where competition_id = '$id' and kind = 'team')`,
    ],
    [
      'the event of a board',
      'board-not-logged',
      `update events set details = details || '{"sha256":"00"}'
      where competition_id = '$id' and kind = 'board-drawn' and details->>'version' = '2'`,
    ],
    [
      'a board that was drawn from something else, in all tables alike',
      'board-differs',
      `
      update board_snapshots set body = replace(body, '"wer":0.', '"wer":1.') where competition_id = '$id' and version = 2;
      update events e set details = details || jsonb_build_object('sha256', encode(sha256(convert_to(b.body, 'UTF8')), 'hex'))
        from board_snapshots b where b.competition_id = '$id' and b.version = 2
        and e.competition_id = '$id' and e.kind = 'board-drawn' and e.details->>'version' = '2'`,
    ],
    [
      'a score that was changed past the log',
      'tables-differ',
      `update published_scores set wer_permille = 1
      where submission_id in (select id from submissions where competition_id = '$id')`,
    ],
    [
      'a team that was renamed past the log',
      'tables-differ',
      `update teams set name = 'x' where competition_id = '$id'`,
    ],
  ])('%s: %s', async (_what, kind, damage) => {
    const history = await begin(6, 'open');
    for (let i = 0; i < 4; i += 1) await upload(history);
    const { competition } = history;
    expect(await verify(competition)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('same to the byte'),
    });
    await asSuperuser(db, ...damage.replaceAll('$id', competition.id).split(';'));
    expect((await replayBoards(db.owner, competition.id, findTies)).fault).toMatchObject({ kind });
    const { code, err } = await verify(competition);
    expect(code).toBe(1);
    expect(err).toContain(`replay-${kind}`);
  });
});
