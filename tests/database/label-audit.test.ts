import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { claimLabelAudit, recordLabelAudit } from '#lib/db/label-audit-jobs.ts';
import {
  addAuditOutput,
  answerQuestioned,
  countQuestioned,
  findLastAudit,
  listAuditOutputs,
  listQuestioned,
  removeAuditOutput,
  requestLabelAudit,
} from '#lib/db/label-audits.ts';
import { discardDraft, findDraft } from '#lib/db/label-drafts.ts';
import { flagLabel, listFlagsOf } from '#lib/db/label-flags.ts';
import { applyDraft, findLastRescore, requestRescore } from '#lib/db/label-rescores.ts';
import { sweepWork } from '#lib/db/work-claims.ts';
import { log } from '#lib/log.ts';
import { findTies } from '#scoring/board-ties.ts';
import { runLabelAudit } from '#scoring/jobs/audit-labels.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { aTeam, tenUtterances } from '../builders.ts';
import { aContest, type Contest, scoreAll, send, withoutThreads } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

let db: TestDatabase;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
});

const act = { actorId: null, reason: 'listened to it' };
const all = { only: 'open', offset: 0, limit: 20 } as const;

/** A file that says the references, but for these; `slip` is an error of its own, so that files differ. */
function outputs(heard: Readonly<Record<string, string>>, slip: string) {
  const lines = tenUtterances.map(({ id, reference }) => `${id} ${heard[id] ?? (id === slip ? 'раз' : reference)}`);
  return { name: `${slip}.txt`, format: 'kaldi', content: Buffer.from(lines.join('\n')) };
}

async function audited(contest: Contest): Promise<void> {
  await requestLabelAudit(db.scorer, contest.competition.id, null);
  await runLabelAudit(db.scorer, (await findLastAudit(db.scorer, contest.competition.id))!.id);
}

/** Four files say that u3 is another word. */
async function aSuspectedContest(): Promise<Contest> {
  const contest = await aContest(db);
  for (const slip of ['u5', 'u7', 'u8', 'u9']) {
    await addAuditOutput(db.scorer, contest.competition.id, outputs({ u3: 'раз два три сорок семь' }, slip), act);
  }
  await audited(contest);
  return contest;
}

describe('an audit of labels', () => {
  test('finds what files of the organisers agree on, and says who said what', async () => {
    const { competition } = await aSuspectedContest();
    const audit = (await findLastAudit(db.scorer, competition.id))!;
    expect(audit).toMatchObject({ state: 'done', attempt: 1, audited: 10, failure: null });
    expect(audit.effectiveSystems).toBeGreaterThan(1);
    const [first, ...others] = await listQuestioned(db.scorer, competition.id, 1, all);
    expect(first).toMatchObject({
      id: 'u3',
      state: 'open',
      label: { reference: 'раз два три четыре семь', alternatives: [], excluded: false },
      suspicion: {
        consensus: 'раз два три сорок семь',
        wordings: ['раз два три четыре семь'],
        hypotheses: new Array(4).fill('раз два три сорок семь'),
      },
    });
    expect(others).toEqual([]);
  });

  test('hears the best entry of every team, and none that is voided', async () => {
    const contest = await aContest(db);
    const { competition } = contest;
    const { people } = await aTeam(db.owner, competition);
    await send(db, contest, 3);
    const best = await send(db, contest, 1);
    const voided = await send(db, contest, 0);
    const rival = await send(db, { competition, author: people[0]! }, 7);
    await db.owner.execute(sql`update submissions set voided_at = now() where id = ${voided.id}`);
    await scoreAll(db);
    await audited(contest);
    const { state, systems } = (await findLastAudit(db.scorer, competition.id))!;
    expect(state).toBe('done');
    expect(systems.map(({ id }) => id).sort()).toEqual([best.id, rival.id].sort());
  });

  test('says that a single file, sent twice, agrees with nobody', async () => {
    const contest = await aContest(db);
    for (const name of ['a', 'b']) {
      await addAuditOutput(db.scorer, contest.competition.id, { ...outputs({ u3: 'раз' }, 'u5'), name }, act);
    }
    await audited(contest);
    expect(await findLastAudit(db.scorer, contest.competition.id)).toMatchObject({
      state: 'failed',
      failure: 'too-few',
    });
  });

  test('is out of reach of the web, in every way', async () => {
    const { competition } = await aSuspectedContest();
    const refused = { cause: { code: '42501' } };
    for (const table of ['audit_outputs', 'label_audits', 'label_suspects', 'label_dismissals']) {
      const read = sql.raw(`select * from hidden.${table}`);
      await expect(db.web.execute(read)).rejects.toMatchObject(refused);
      expect((await db.scorer.execute(read)).rows).toBeDefined();
    }
    await expect(requestLabelAudit(db.web, competition.id, null)).rejects.toMatchObject(refused);
    await expect(listQuestioned(db.web, competition.id, 1, all)).rejects.toMatchObject(refused);
  });

  test('is taken over from a worker that died, whose findings come too late', async () => {
    const contest = await aContest(db);
    const { id } = contest.competition;
    await requestLabelAudit(db.scorer, id, null);
    await expect(requestLabelAudit(db.scorer, id, null)).rejects.toMatchObject({ code: 'audit-running' });
    const audit = (await findLastAudit(db.scorer, id))!;
    const first = (await claimLabelAudit(db.scorer, audit.id, 60))!;
    expect(await claimLabelAudit(db.scorer, audit.id, 60)).toBeNull();
    await db.owner.execute(sql`update hidden.label_audits set lease_until = now() - interval '1 s'`);
    await sweepWork(db.scorer);
    expect(await claimLabelAudit(db.scorer, audit.id, 60)).toMatchObject({ attempt: 2 });
    const nothing = { systems: [], audited: 10, effectiveSystems: 0, suspects: [] };
    expect(await recordLabelAudit(db.scorer, first, nothing)).toBe(false);
    await db.owner.execute(sql`update hidden.label_audits set attempt = 3, lease_until = now() - interval '1 s'
      where id = ${audit.id}`);
    await sweepWork(db.scorer);
    expect(await findLastAudit(db.scorer, id)).toMatchObject({ state: 'failed', failure: 'internal' });
  });

  test('hears a file no more that was removed', async () => {
    const { competition } = await aSuspectedContest();
    const [one, ...rest] = await listAuditOutputs(db.scorer, competition.id);
    await removeAuditOutput(db.scorer, competition.id, one!.id, act);
    expect(await listAuditOutputs(db.scorer, competition.id)).toEqual(rest);
    await expect(removeAuditOutput(db.scorer, competition.id, one!.id, act)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('who listened', () => {
  test('corrects the label by way of the draft, its rescore and its preview', async () => {
    const contest = await aSuspectedContest();
    const { id } = contest.competition;
    await send(db, contest, 2);
    await scoreAll(db);
    const label = { reference: 'раз два три сорок семь', alternatives: [], excluded: false };
    await answerQuestioned(db.scorer, id, { id: 'u3', label }, act);
    const draft = (await findDraft(db.scorer, id))!;
    expect(await countQuestioned(db.scorer, id, draft.version)).toEqual({ open: 0, changed: 1, dismissed: 0 });
    await requestRescore(db.scorer, id, null);
    await runRescore(db.scorer, withoutThreads, (await findLastRescore(db.scorer, draft))!.id);
    expect(await findLastRescore(db.scorer, draft)).toMatchObject({ state: 'done', difference: { moves: [{}] } });
    await applyDraft(db.scorer, id, act, findTies);
    expect(await countQuestioned(db.scorer, id, draft.version)).toEqual({ open: 0, changed: 1, dismissed: 0 });
    await audited(contest);
    expect(await countQuestioned(db.scorer, id, draft.version)).toEqual({ open: 0, changed: 0, dismissed: 0 });
  });

  test('is asked again where the draft with the answer is given up', async () => {
    const { competition } = await aSuspectedContest();
    const label = { reference: 'раз два три четыре семь', alternatives: [], excluded: true };
    await answerQuestioned(db.scorer, competition.id, { id: 'u3', label }, act);
    await discardDraft(db.scorer, competition.id, act);
    expect(await countQuestioned(db.scorer, competition.id, 1)).toEqual({ open: 1, changed: 0, dismissed: 0 });
  });

  test('is not asked again about what was dismissed, until something else is heard', async () => {
    const contest = await aSuspectedContest();
    const { id } = contest.competition;
    await answerQuestioned(db.scorer, id, { id: 'u3', label: null }, act);
    expect(await countQuestioned(db.scorer, id, 1)).toEqual({ open: 0, changed: 0, dismissed: 1 });
    await audited(contest);
    const [dismissed] = await listQuestioned(db.scorer, id, 1, { ...all, only: 'dismissed' });
    expect(dismissed).toMatchObject({ id: 'u3', dismissal: { reason: 'listened to it', by: null } });
    for (const output of await listAuditOutputs(db.scorer, id)) {
      await removeAuditOutput(db.scorer, id, output.id, act);
      const slip = output.name.replace('.txt', '');
      await addAuditOutput(db.scorer, id, outputs({ u3: 'раз два три сто семь' }, slip), act);
    }
    await audited(contest);
    expect(await countQuestioned(db.scorer, id, 1)).toEqual({ open: 1, changed: 0, dismissed: 0 });
  });

  test('leaves nothing in the log that tells which label it was', async () => {
    const { competition } = await aSuspectedContest();
    await answerQuestioned(db.scorer, competition.id, { id: 'u3', label: null }, act);
    const { rows } = await db.web.execute(sql`select * from events where competition_id = ${competition.id}`);
    expect(JSON.stringify(rows)).toContain('label-looked-at');
    expect(JSON.stringify(rows)).not.toMatch(/u3|сорок|listened/);
  });
});

describe('a flag', () => {
  const flag = (contest: Contest, utteranceId: string, note = 'обрывается') =>
    flagLabel(db.web, contest.team, { utteranceId, note }, contest.author.id);

  test('is one for each team and recording, with a short note', async () => {
    const contest = await aContest(db);
    await flag(contest, 'u4');
    await expect(flag(contest, 'u4')).rejects.toMatchObject({ code: 'flag-again' });
    await expect(flag(contest, 'u99')).rejects.toMatchObject({ code: 'flag-unknown' });
    await expect(flag(contest, 'u5', ' ')).rejects.toMatchObject({ code: 'flag-note-length' });
    await expect(flag(contest, 'u5', 'я'.repeat(501))).rejects.toMatchObject({ code: 'flag-note-length' });
    await flag(contest, 'u5', 'я'.repeat(500));
    expect(await listFlagsOf(db.web, contest.competition.id, contest.team.id)).toHaveLength(2);
    const { team: rival } = await aTeam(db.owner, contest.competition);
    expect(await listFlagsOf(db.web, contest.competition.id, rival.id)).toEqual([]);
  });

  test('is refused for an hour after so many', async () => {
    const many = Array.from({ length: 25 }, (_, i) => ({ ...tenUtterances[0]!, id: `m${i}` }));
    const contest = await aContest(db, {}, many);
    for (const { id } of many.slice(0, 20)) await flag(contest, id);
    await expect(flag(contest, 'm20')).rejects.toMatchObject({ code: 'too-many-attempts' });
  });

  test('comes first among what is in question, and its team hears the same whatever came of it', async () => {
    const contest = await aSuspectedContest();
    const { id } = contest.competition;
    await flag(contest, 'u1', 'два голоса');
    await flag(contest, 'u2', 'тишина');
    const open = await listQuestioned(db.scorer, id, 1, all);
    expect(open.map((item) => [item.id, item.suspicion !== null])).toEqual([
      ['u1', false],
      ['u2', false],
      ['u3', true],
    ]);
    expect(open[0]!.flags).toMatchObject([{ note: 'два голоса', isLookedAt: false }]);
    await answerQuestioned(db.scorer, id, { id: 'u1', label: null }, act);
    const label = { reference: 'шум', alternatives: [], excluded: true };
    await answerQuestioned(db.scorer, id, { id: 'u2', label }, act);
    const told = await listFlagsOf(db.web, id, contest.team.id);
    expect(told.map(({ isLookedAt, ...rest }) => [isLookedAt, Object.keys(rest).sort().join(' ')])).toEqual([
      [true, 'flaggedAt note utteranceId'],
      [true, 'flaggedAt note utteranceId'],
    ]);
    await expect(answerQuestioned(db.scorer, id, { id: 'u4', label: null }, act)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
