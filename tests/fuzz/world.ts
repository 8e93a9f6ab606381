import { createHash } from 'node:crypto';
import { buildArchive } from '#lib/archives.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { archives, utterances } from '#lib/db/schema.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { aCompetition, aPredictionsFile, aTeam, aTestSplit, aUser, hoursFromNow, tenUtterances } from '../builders.ts';
import { caller, sending, type TestSite } from '../site.ts';
import type { Known } from './asks.ts';

const teams = 40;

/** A competition with data of every kind, others before and after it, and many who may ask. */
export async function aWorld(site: TestSite): Promise<Known> {
  const { owner } = site;
  const open = await aTestSplit(
    owner,
    await aCompetition(owner, { dailyQuota: 1000, mapping: [{ from: 'окей', to: 'ок' }] }),
  );
  await addRecordings(site, open.id);
  const others = [
    await aCompetition(owner, { publishedAt: null }),
    await aCompetition(owner, { submissionsStartAt: hoursFromNow(5), testReleasedAt: hoursFromNow(5) }),
    await aTestSplit(
      owner,
      await aCompetition(owner, { submissionsStartAt: hoursFromNow(-9), submissionsEndAt: hoursFromNow(-1) }),
    ),
  ];
  const tokens = ['rst_wrong'];
  const ids: string[] = [];
  for (let i = 0; i < teams; i += 1) {
    const { people } = await aTeam(owner, open);
    const call = await caller(site, people[0]!, i % 8 === 0 ? ['read'] : ['read', 'submit']);
    tokens.push(call.token);
    if (i % 8 === 0) continue;
    const path = `/competitions/${open.slug}/submissions?split=test`;
    ids.push((await (await call(path, sending(aPredictionsFile(tenUtterances, i % 30)))).json()).id);
  }
  tokens.push(
    (await caller(site, await aUser(owner))).token,
    (await caller(site, await aUser(owner), ['submit'])).token,
  );
  // Of forty teams hardly one asks for what is its own: who organises sees all of them, and asks as often as five teams.
  const organiser = await aUser(owner);
  await grantRole(owner, open.id, organiser.id, 'organiser', { actorId: null });
  tokens.push(...Array<string>(5).fill((await caller(site, organiser)).token));
  return {
    tokens,
    files: Array.from({ length: 30 }, (_, i) => aPredictionsFile(tenUtterances, i)),
    values: {
      slug: [open.slug, open.slug, open.slug, ...others.map(({ slug }) => slug)],
      id: ids,
      // Recordings of test are in the database alone: that their files are missing would be our fault.
      name: ['приём/1', 't-2', 'two.wav'],
      file: ['sample_submission.csv', 'train.csv', 'train.zip', 'test.csv'],
      'Idempotency-Key': ['a', '"b"', 'c c'],
      Range: ['bytes=0-9', 'bytes=-5', 'bytes=99999999-', 'bytes=5-1', 'bytes=0-1,3-4'],
      'If-None-Match': ['*', '"x"'],
    },
  };
}

async function addRecordings({ owner, home }: TestSite, competitionId: string): Promise<void> {
  const sound = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * 31) % 251));
  const sha256 = createHash('sha256').update(sound).digest();
  await storeRecording(inFolder(home), sound);
  const recording = { seconds: 2.5, bytes: sound.length, sha256, reference: 'раз' };
  const rows = [
    { ...recording, id: 'приём/1', fileName: 'приём/1.wav' },
    { ...recording, id: 't-2', fileName: 'two.wav' },
  ].map((row) => ({ ...row, alternatives: [], slices: {} }));
  const stored = rows.map((row, position) => ({
    ...row,
    competitionId,
    split: 'train' as const,
    position,
    mediaType: 'audio/wav',
  }));
  await owner.insert(utterances).values(stored);
  await owner
    .insert(archives)
    .values({ competitionId, split: 'train', ...(await buildArchive(inFolder(home), 'train', rows)) });
}
