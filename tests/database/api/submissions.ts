import { expect, test } from 'vitest';
import { receipt, submission, submissionList } from '#lib/api/answers.ts';
import { competitionRoles, utterances } from '#lib/db/schema.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, aUser, tenUtterances } from '../../builders.ts';
import { anonymous, caller, sending, type TestSite } from '../../site.ts';
import { eventually } from '../../workers.ts';

export function testSubmissions(site: () => TestSite): void {
  async function aSubmission(file = aPredictionsFile(tenUtterances, 3), query = '') {
    const competition = await aTestSplit(site().owner, await aCompetition(site().owner));
    const { people } = await aTeam(site().owner, competition, { people: 2 });
    const [author, mate] = await Promise.all(people.map((person) => caller(site(), person)));
    const path = `/competitions/${competition.slug}/submissions`;
    const answer = await author!(`${path}?split=test${query}`, sending(file));
    return { competition, path, author: author!, mate: mate!, sent: await answer.json() };
  }

  test('a submission tells its team how it goes, to the score', async () => {
    const { author, mate, sent } = await aSubmission(undefined, '&note=first');
    const { id } = receipt.parse(sent);
    const scored = await eventually(20, async () => {
      const seen = submission.parse(await (await author(`/submissions/${id}`)).json());
      return seen.state === 'scored' && seen;
    });
    expect(scored).toMatchObject({ split: 'test', note: 'first', charged: true, queuePosition: null, errors: [] });
    // Three of 25 words of the public fold; no counts, no second fold.
    expect(scored.score).toEqual({ wer: 0.12, interval: expect.any(Array), dev: null, test: null });
    expect(await (await mate(`/submissions/${id}`)).json()).toEqual(scored);
  });

  test('its board row appears', async () => {
    const { competition, sent } = await aSubmission();
    receipt.parse(sent);
    const board = await eventually(20, async () => {
      const answer = await (await anonymous(site())(`/competitions/${competition.slug}/leaderboard`)).json();
      return answer.rows.length > 0 && answer;
    });
    expect(board.rows).toMatchObject([{ rank: 1, wer: 0.12, entries: 1, isBaseline: false, tied: null }]);
  });

  test('on dev it costs nothing, shows everything and is on no board', async () => {
    const { competition, author, path } = await aSubmission();
    const row = {
      competitionId: competition.id,
      split: 'dev',
      bytes: 9,
      sha256: Buffer.alloc(32),
      mediaType: 'audio/wav',
    } as const;
    await site()
      .owner.insert(utterances)
      .values([
        { ...row, id: 'd1', position: 0, seconds: 3, fileName: 'd1.wav', reference: 'раз два' },
        { ...row, id: 'd2', position: 1, seconds: 3, fileName: 'd2.wav', reference: 'три' },
      ]);
    const sent = receipt.parse(await (await author(`${path}?split=dev`, sending('id,text\nd1,раз\nd2,три\n'))).json());
    expect(sent.quota).toBeNull();
    const scored = await eventually(20, async () => {
      const seen = submission.parse(await (await author(`/submissions/${sent.id}`)).json());
      return seen.state === 'scored' && seen;
    });
    const words = { hits: 2, substitutions: 0, deletions: 1, insertions: 0 };
    expect(scored.score?.wer).toBeCloseTo(1 / 3);
    expect(scored.score?.dev).toMatchObject({ words, utterances: [{ id: 'd1' }, { id: 'd2' }] });
    const board = await (await anonymous(site())(`/competitions/${competition.slug}/leaderboard`)).json();
    expect(board.rows.every((boardRow: { entries: number }) => boardRow.entries <= 1)).toBe(true);
  });

  test('to other teams, strangers and nobody it does not exist', async () => {
    const { competition, sent } = await aSubmission();
    const { people } = await aTeam(site().owner, competition);
    const rival = await caller(site(), people[0]!);
    const stranger = await caller(site(), await aUser(site().owner));
    for (const path of [`/submissions/${sent.id}`, `/submissions/${sent.id}/file`]) {
      expect((await rival(path)).status).toBe(404);
      expect((await stranger(path)).status).toBe(404);
      expect((await anonymous(site())(path)).status).toBe(401);
      for (const nothing of ['1', 'x', '00000000-0000-4000-8000-000000000000', 'a%00b']) {
        expect((await rival(path.replace(sent.id, nothing))).status).toBe(404);
      }
    }
  });

  test('its organisers see it', async () => {
    const { competition, sent } = await aSubmission();
    const organiser = await aUser(site().owner);
    await site()
      .owner.insert(competitionRoles)
      .values({ competitionId: competition.id, userId: organiser.id, role: 'organiser' });
    expect((await (await caller(site(), organiser))(`/submissions/${sent.id}`)).status).toBe(200);
  });

  test('the file comes back as it was sent', async () => {
    const file = aPredictionsFile();
    const { author, sent } = await aSubmission(file, '&file=приём.csv');
    const response = await author(`/submissions/${sent.id}/file`);
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
    expect(response.headers.get('Content-Length')).toBe(String(file.length));
    expect(response.headers.get('Content-Disposition')).toContain("filename*=UTF-8''%D0%BF");
  });

  test('a team lists its own, newest first, with its quota', async () => {
    const { author, mate, path, sent } = await aSubmission();
    await author(`${path}?split=test`, sending('id,text\nnobody,x\n'));
    const list = submissionList.parse(await (await mate(path)).json());
    expect(list.submissions.map(({ state }) => state === 'rejected')).toEqual([true, false]);
    expect(list.submissions[0]).toMatchObject({ errorCount: 11, charged: false });
    expect(list.submissions[1]?.id).toBe(sent.id);
    expect(list.quota).toMatchObject({ used: 1, limit: 5 });
  });

  test('who has no team has no submissions to list', async () => {
    const { path } = await aSubmission();
    const response = await (await caller(site(), await aUser(site().owner)))(path);
    expect([response.status, (await response.json()).code]).toEqual([403, 'team']);
  });
}
