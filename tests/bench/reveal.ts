import { setTimeout as sleep } from 'node:timers/promises';
import { pressReveal } from '#lib/db/reveals.ts';
import { hiddenRevealSteps, resultSnapshots } from '#lib/db/schema.ts';
import { revealSteps } from '#lib/reveal.ts';
import { sampleResults } from '#lib/reveal-sample.ts';
import { aCompetition, hoursFromNow } from '../builders.ts';
import type { TestSite } from '../site.ts';
import { aHall, viewers } from './events.ts';
import { type Figure, median } from './measure.ts';
import { withSite } from './site.ts';

const teams = 40;

/** A thousand viewers of a reveal of forty teams: when the last of them has been told a step, from its first to its last. */
export async function reveal(): Promise<Figure[]> {
  return withSite(async (site) => {
    const { id, slug, steps } = await aResult(site);
    const press = (expected: number) =>
      pressReveal(site.owner, id, { move: 'next', expected }, { actorId: null }).then(() => {});
    await press(0);
    const hall = await aHall(`${site.origin}/api/v1/competitions/${slug}/events`, 'reveal');
    const told: number[] = [];
    for (let revision = 1; revision < steps; revision += 1) {
      told.push(await hall.lastTold(() => press(revision)));
      await sleep(100);
    }
    hall.leave();
    const what = `${viewers} viewers, ${teams} teams: step committed to the last one told`;
    return [
      { what: `${what}, median of ${told.length}`, value: median(told), unit: 's', most: 1 },
      { what: `${what}, slowest`, value: Math.max(...told), unit: 's' },
    ];
  });
}

async function aResult(site: TestSite): Promise<{ id: string; slug: string; steps: number }> {
  const [began, ended] = [hoursFromNow(-48), hoursFromNow(-1)];
  const { id, slug } = await aCompetition(site.owner, {
    slug: 'reveal',
    revealMode: 'staged',
    submissionsStartAt: began,
    submissionsEndAt: ended,
    revealsAt: ended,
  });
  const results = sampleResults(teams, (number) => `Team ${number}`, 'Baseline');
  const steps = revealSteps(results);
  await site.owner.insert(resultSnapshots).values({
    competitionId: id,
    version: 1,
    labelVersion: 1,
    body: JSON.stringify(results),
  });
  await site.owner.insert(hiddenRevealSteps).values(
    steps.map((body, step) => ({
      competitionId: id,
      resultVersion: 1,
      step,
      isLast: step === steps.length - 1,
      body: JSON.stringify(body),
    })),
  );
  return { id, slug, steps: steps.length };
}
