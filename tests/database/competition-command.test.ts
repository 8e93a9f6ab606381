import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { getCompetition } from '#lib/db/competitions.ts';
import { recordFoldSizes } from '#lib/db/fold-sizes.ts';
import { competitionRoles, events, submissions, teams } from '#lib/db/schema.ts';
import { aCompetition, aPredictionsFile, aTestSplit, aUser, tenUtterances } from '../builders.ts';
import { type Outcome, rostrum as run } from '../command.ts';
import { aDatabase, type TestDatabase } from '../db.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

let db: TestDatabase;
beforeAll(async () => {
  db = await aDatabase();
});

function rostrum(...args: string[]): Promise<Outcome> {
  vi.stubEnv('ROSTRUM_HOME', folder);
  return run(db.ownerUrl, 'competition', ...args);
}

function aFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const aSlug = () => `c-${randomUUID().slice(0, 8)}`;

describe('rostrum competition', { timeout: 60_000 }, () => {
  test('create makes a draft with texts, windows in its zone and an organiser', async () => {
    const slug = aSlug();
    const organiser = await aUser(db.owner, { email: `${slug}@example.org` });
    const brief = aFile('brief.md', '# Речь\n\nРаспознайте всё.');
    const settings = ['name-ru=Речь', 'time-zone=Asia/Yekaterinburg', 'submissions-end=2099-12-01T10:00', 'quota=7'];
    const created = await rostrum(
      'create',
      slug,
      ...settings,
      '--brief-ru',
      brief,
      '--organiser',
      organiser.email,
      '--json',
    );
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(created.out)).toMatchObject({
      slug,
      phase: 'draft',
      settings: { 'name-ru': 'Речь', 'submissions-end': '2099-12-01T05:00:00.000Z', quota: 7, publish: null },
    });
    const competition = await getCompetition(db.owner, slug);
    expect(competition.briefRu).toBe('# Речь\n\nРаспознайте всё.');
    const roles = await db.owner
      .select()
      .from(competitionRoles)
      .where(eq(competitionRoles.competitionId, competition.id));
    expect(roles).toMatchObject([{ userId: organiser.id, role: 'organiser' }]);
    const listed = await rostrum('list', '--json');
    expect(JSON.parse(listed.out).competitions).toContainEqual(expect.objectContaining({ slug, phase: 'draft' }));
  });

  test('set changes what is named, and says why in the log', async () => {
    const { slug, id } = await aCompetition(db.owner);
    const { code } = await rostrum('set', slug, 'submissions-end=2099-01-01T00:00Z', '--reason', 'a power cut');
    expect(code).toBe(0);
    expect((await getCompetition(db.owner, slug)).submissionsEndAt).toEqual(new Date('2099-01-01T00:00:00Z'));
    const logged = await db.owner
      .select()
      .from(events)
      .where(and(eq(events.competitionId, id), eq(events.kind, 'competition-changed')));
    expect(logged).toMatchObject([{ actorId: null, reason: 'a power cut', details: { submissionsEndAt: {} } }]);
  });

  test('show prints what set takes', async () => {
    const { slug } = await aCompetition(db.owner, { freezesAt: new Date('2099-01-01T00:00:00Z') });
    const { out } = await rostrum('show', slug);
    expect(out).toContain(`${slug}: submissions\n`);
    expect(out).toContain('freeze=2099-01-01T03:00\n');
    expect(out).toContain('reveal=none\n');
  });

  test('show --json tells how large the folds are, and what they can show', async () => {
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
    await recordFoldSizes(db.owner, competition.id);
    const { folds } = JSON.parse((await rostrum('show', competition.slug, '--json')).out);
    expect(folds).toMatchObject([{ fold: 'public' }, { fold: 'private' }]);
    for (const { words, detectableDifference } of folds)
      expect(detectableDifference).toBeCloseTo(2.49 * Math.sqrt((2 * 1.7 * 0.15) / words), 12);
  });

  test('wrong usage is told whole, and nothing is changed', async () => {
    const slug = aSlug();
    const { code, err } = await rostrum('create', slug, 'quota=many', 'colour=red', 'freeze=soon');
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(3);
    expect((await rostrum('show', slug)).code).toBe(3);
  });

  test.each([
    ['a slug that is taken', async () => ['create', (await aCompetition(db.owner)).slug], /already/],
    [
      'an end before its start',
      async () => ['set', (await aCompetition(db.owner)).slug, 'submissions-end=2000-01-01T00:00Z'],
      /./,
    ],
    [
      'an organiser without an account',
      async () => ['set', (await aCompetition(db.owner)).slug, '--organiser', 'x@example.org'],
      /x@example.org/,
    ],
    [
      'a file that is not there',
      async () => ['set', (await aCompetition(db.owner)).slug, '--rules-en', '/nowhere/rules.md'],
      /nowhere/,
    ],
  ] as const)('%s is refused with a reason', async (_, args, sentence) => {
    const { code, err, out } = await rostrum(...(await args()));
    expect(code).toBe(3);
    expect(err).toMatch(sentence);
    expect(out).toBe('');
  });
});

describe('a mapping', { timeout: 60_000 }, () => {
  const table = () => aFile('mapping.csv', 'from,to\nок,окей\n"и так далее",итд\n');
  const rules = [
    { from: 'ок', to: 'окей' },
    { from: 'и так далее', to: 'итд' },
  ];

  test('is set from a file with its reason, shown, and taken away', async () => {
    const { slug, id } = await aCompetition(db.owner);
    const put = await rostrum('set', slug, '--mapping', table(), '--reason', 'written both ways');
    expect(put).toMatchObject({ code: 0, err: '' });
    expect(put.out).toContain('mapping: 2\n');
    expect((await getCompetition(db.owner, slug)).mapping).toEqual(rules);
    expect(JSON.parse((await rostrum('show', slug, '--json')).out)).toMatchObject({ mapping: rules });
    const logged = await db.owner.select().from(events).where(eq(events.competitionId, id));
    expect(logged).toMatchObject([{ reason: 'written both ways', details: { mapping: { to: { rules: 2 } } } }]);
    // The control: what is not named stays.
    expect(await rostrum('set', slug, 'quota=6')).toMatchObject({ code: 0 });
    expect((await getCompetition(db.owner, slug)).mapping).toEqual(rules);
    expect((await rostrum('set', slug, '--no-mapping')).out).toContain('mapping: none\n');
    expect((await getCompetition(db.owner, slug)).mapping).toBeNull();
  });

  test('with problems is refused with each of them by place, and nothing is changed', async () => {
    const { slug } = await aCompetition(db.owner);
    const file = aFile('wrong-mapping.csv', 'from,to\nок\nок,окей\nок,о-кей\n');
    const { code, err } = await rostrum('set', slug, 'quota=9', '--mapping', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:2:1: mapping-line: `);
    expect(err).toContain(`${file}:4:1: mapping-twice: `);
    expect(await getCompetition(db.owner, slug)).toMatchObject({ mapping: null, dailyQuota: 5 });
  });

  test('is fixed once a file is accepted', async () => {
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
    const file = aFile('first.csv', aPredictionsFile(tenUtterances, 1));
    expect(await rostrum('set', competition.slug, '--baseline', file)).toMatchObject({ code: 0 });
    const { code, err } = await rostrum('set', competition.slug, '--mapping', table());
    expect([code, err]).toEqual([3, expect.stringContaining('fixed')]);
    expect((await getCompetition(db.owner, competition.slug)).mapping).toBeNull();
  });
});

describe('a baseline', { timeout: 60_000 }, () => {
  test('is an unranked entry of its own, waiting to be scored, in nobody’s quota', async () => {
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
    const file = aFile('baseline.csv', aPredictionsFile(tenUtterances, 4));
    const args = [
      'set',
      competition.slug,
      '--baseline',
      file,
      '--baseline-name',
      'Our model',
      '--baseline-note',
      'CTC',
    ];
    expect(await rostrum(...args)).toMatchObject({ code: 0, err: '' });
    expect(await rostrum(...args)).toMatchObject({ code: 0 });
    const pinned = await db.owner
      .select({ submission: submissions, team: teams })
      .from(submissions)
      .innerJoin(teams, eq(teams.id, submissions.teamId))
      .where(eq(submissions.competitionId, competition.id));
    expect(pinned).toMatchObject([
      {
        submission: { state: 'queued', quotaDay: null, fileName: 'baseline.csv', note: 'CTC', late: false },
        team: { kind: 'baseline', name: 'Our model' },
      },
    ]);
    const jobs = await db.owner.execute(`select from pgboss.job where data->>'id' = '${pinned[0]!.submission.id}'`);
    expect(jobs.rowCount).toBe(1);
  });

  test('with problems is refused with each of them by place', async () => {
    const competition = await aTestSplit(db.owner, await aCompetition(db.owner));
    const file = aFile('wrong.csv', 'id,text\nnobody,x\n');
    const { code, err } = await rostrum('set', competition.slug, 'quota=9', '--baseline', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:2:1: id-unknown: `);
    expect((await getCompetition(db.owner, competition.slug)).dailyQuota).toBe(5);
  });

  test('needs recordings to be about', async () => {
    const { slug } = await aCompetition(db.owner);
    const { code, err } = await rostrum('set', slug, '--baseline', aFile('early.csv', 'id,text\n'));
    expect([code, err]).toEqual([3, expect.stringContaining('no recordings')]);
  });
});
