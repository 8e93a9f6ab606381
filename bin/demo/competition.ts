import type { Competition } from '#lib/competition.ts';
import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { type Act, createCompetition, findCompetition, updateCompetition } from '#lib/db/competitions.ts';
import { demoRules, demoTexts } from './texts.ts';

export const demoSlug = 'demo';
export const demoAct: Act = { actorId: null, reason: 'demo' };

const dayMs = 24 * 3600 * 1000;

/** The demo competition, open in every way: it began three days ago, and goes on for two weeks from the day it was last started. */
export async function ensureDemoCompetition(db: Connection, kind: DemoSpeech['kind']): Promise<Competition> {
  const now = await readClock(db);
  const existing = await findCompetition(db, demoSlug);
  if (existing === null) return createCompetition(db, { ...newDemo(kind, now), ...endsAfter(now) }, demoAct);
  if (existing.submissionsEndAt.getTime() > now.getTime() + dayMs) return existing;
  return updateCompetition(db, existing.id, endsAfter(now), demoAct);
}

function newDemo(kind: DemoSpeech['kind'], now: Date) {
  const began = new Date(now.getTime() - 3 * dayMs);
  return {
    slug: demoSlug,
    ...demoTexts[kind],
    ...demoRules,
    isDemo: true,
    publishedAt: began,
    registrationStartsAt: began,
    teamChangesStartAt: began,
    trainReleasedAt: began,
    devReleasedAt: began,
    testReleasedAt: began,
    submissionsStartAt: began,
    dailyQuota: 5,
    policy: 'open' as const,
    profile: 'ru-yo',
    publicFoldPercent: 50,
  };
}

function endsAfter(now: Date) {
  const end = new Date(now.getTime() + 14 * dayMs);
  return {
    registrationEndsAt: end,
    teamChangesEndAt: end,
    submissionsEndAt: end,
    freezesAt: new Date(end.getTime() - dayMs),
    defenceAt: new Date(end.getTime() + dayMs / 2),
    revealsAt: new Date(end.getTime() + dayMs),
  };
}
