import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { competitionFacts, competitionList, problem } from '#lib/api/answers.ts';
import { boardSnapshots, competitionRoles } from '#lib/db/schema.ts';
import { readMapping } from '#lib/mapping.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { aCompetition, aTestSplit, aUser, hoursFromNow } from '../../builders.ts';
import { anonymous, caller, type TestSite } from '../../site.ts';
import { aSnapshotOf } from '../../snapshots.ts';

export function testFacts(site: () => TestSite): void {
  test('everybody reads the published competitions, in their language', async () => {
    const competition = await aCompetition(site().owner, { nameRu: 'Речь', nameEn: 'Speech' });
    const draft = await aCompetition(site().owner, { publishedAt: null });
    const response = await anonymous(site())('/competitions', { headers: { 'Accept-Language': 'ru' } });
    expect(response.headers.get('Cache-Control')).toBe('private, no-cache');
    const { competitions } = competitionList.parse(await response.json());
    expect(competitions.find(({ slug }) => slug === competition.slug)).toMatchObject({
      name: 'Речь',
      names: { en: 'Speech' },
      phase: 'submissions',
      windows: { submissions: { start: competition.submissionsStartAt.toISOString() } },
    });
    expect(competitions.map(({ slug }) => slug)).not.toContain(draft.slug);
  });

  test('the facts of a competition hold its windows, rules, quota, policy and sizes', async () => {
    const competition = await aTestSplit(
      site().owner,
      await aCompetition(site().owner, { rulesEn: 'Be fair.', testReleasedAt: hoursFromNow(1) }),
    );
    const facts = competitionFacts.parse(await (await anonymous(site())(`/competitions/${competition.slug}`)).json());
    expect(facts).toMatchObject({
      rules: 'Be fair.',
      rulesVersion: 1,
      quota: { perDay: 5, timeZone: 'Europe/Moscow' },
      policy: 'open',
      teamSize: 4,
      splits: [{ split: 'test', released: false, utterances: 10, seconds: 100, bytes: 1000 }],
      limits: { sentBytes: 8 * 2 ** 20 },
    });
  });

  test('the facts tell how texts are read, and where the mapping is that its digest belongs to', async () => {
    const mapping = [
      { from: 'окей', to: 'ок' },
      { from: '#ну', to: '' },
    ];
    const factsFor = async (given: Parameters<typeof aCompetition>[1]) => {
      const { slug } = await aCompetition(site().owner, given);
      return competitionFacts.parse(await (await anonymous(site())(`/competitions/${slug}`)).json());
    };
    const [plain, mapped] = [await factsFor({ profile: 'ru' }), await factsFor({ profile: 'ru', mapping })];
    expect(plain).toMatchObject({ profile: 'ru', profileVersion: 1, mapping: null });
    expect([plain.profileHash, mapped.profileHash]).toEqual([profileHash('ru', null), profileHash('ru', mapping)]);
    const { url = '', ...digest } = mapped.mapping ?? {};
    const file = Buffer.from(await (await fetch(url)).arrayBuffer());
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(digest).toEqual({ rules: 2, bytes: file.length, sha256 });
    expect(readMapping(file)).toEqual({ ok: true, mapping });
  });

  test('a draft exists for those who run it and for nobody else', async () => {
    const draft = await aCompetition(site().owner, { publishedAt: null });
    const organiser = await aUser(site().owner);
    await site()
      .owner.insert(competitionRoles)
      .values({ competitionId: draft.id, userId: organiser.id, role: 'organiser' });
    for (const path of [`/competitions/${draft.slug}`, `/competitions/${draft.slug}/leaderboard`]) {
      expect((await anonymous(site())(path)).status).toBe(404);
      expect((await (await caller(site(), await aUser(site().owner)))(path)).status).toBe(404);
      expect((await (await caller(site(), organiser))(path)).status).toBe(200);
    }
  });

  test.each(['', '/competitions/nothing', '/competitions/a%00b', '/nothing/at/all'])(
    'nothing stands under "%s", and a problem document says so',
    async (path) => {
      const response = await anonymous(site())(path);
      expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
      expect(problem.parse(await response.json())).toMatchObject({ status: 404, code: 'not-found' });
    },
  );

  test('an address that cannot be decoded is the caller’s mistake', async () => {
    expect((await anonymous(site())('/competitions/%FF')).status).toBe(400);
  });

  test('the board is the stored snapshot, byte for byte, and CSV of the same rows', async () => {
    const competition = await aCompetition(site().owner);
    const team = aSnapshotOf(1, 0).rows.find(({ isBaseline }) => !isBaseline)!;
    // Nothing in it grows older than a day, or the worker would draw it anew.
    const rows = [{ ...team, team: '=cmd|x', wer: 0.1, history: [] }];
    // As they were written before places were tested for ties.
    const body = JSON.stringify({ version: 7, at: '2026-11-01T00:00:00.000Z', frozen: false, rows });
    const at = hoursFromNow(-2);
    await site().owner.insert(boardSnapshots).values({ competitionId: competition.id, version: 7, at, body });
    const path = `/competitions/${competition.slug}/leaderboard`;
    const json = await anonymous(site())(path);
    expect(json.headers.get('Content-Type')).toContain('application/json');
    expect(await json.text()).toBe(body);
    const etag = json.headers.get('ETag') ?? '';
    expect((await anonymous(site())(path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    for (const csv of [
      await anonymous(site())(path, { headers: { Accept: 'text/csv' } }),
      await anonymous(site())(`${path}?format=csv`),
    ]) {
      expect(csv.headers.get('Content-Type')).toContain('text/csv');
      expect((await csv.text()).split('\r\n')[1]).toContain("1,'=cmd|x,false,0.1");
    }
  });

  test('the board can be asked for as it stood at an instant', async () => {
    const competition = await aCompetition(site().owner);
    const instants = [hoursFromNow(-3), hoursFromNow(-1)];
    for (const [index, at] of instants.entries()) {
      const body = JSON.stringify({ version: index + 1, at: at.toISOString(), frozen: false, rows: [] });
      await site()
        .owner.insert(boardSnapshots)
        .values({ competitionId: competition.id, version: index + 1, at, body });
    }
    const versionAt = async (at: Date | string) => {
      const instant = at instanceof Date ? at.toISOString() : at;
      const response = await anonymous(site())(
        `/competitions/${competition.slug}/leaderboard?at=${encodeURIComponent(instant)}`,
      );
      return response.status === 200 ? (await response.json()).version : response.status;
    };
    expect(await versionAt(hoursFromNow(-4))).toBe(0);
    expect(await versionAt(instants[0]!)).toBe(1);
    expect(await versionAt(hoursFromNow(-2))).toBe(1);
    expect(await versionAt(hoursFromNow(9))).toBe(2);
    expect(await versionAt('yesterday')).toBe(400);
  });
}
