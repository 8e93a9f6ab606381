import { expect, type Page } from '@playwright/test';
import { origin } from '../e2e/people.ts';
import type { Report } from '../report.ts';
import { enter, type Stage, t, visitor } from './opening.ts';
import {
  type Entrant,
  errorsOn,
  guest,
  hours,
  moveClock,
  predictions,
  readFolds,
  slug,
  timetable,
  unranked,
} from './world.ts';

/** How many browsers work at once. */
const lanes = 3;

/** Twelve teams form, hand in, choose finals; the board freezes, and then the close. */
export async function runContest(stage: Stage, report: Report): Promise<void> {
  const { browser, organiser, entrants, recordings } = stage;
  const teams = await report.step(`${entrants.length} teams accept the rules and form`, () =>
    inLanes(entrants, async (entrant) => {
      const page = await enter(browser, entrant);
      await formTeam(page, entrant);
      return page;
    }),
  );
  await report.step('nobody can hand in before the submissions open', async () => {
    await teams[0]!.goto(`${origin()}/c/${slug}/submit`);
    await expect(teams[0]!.getByText(t('upload.not-open'))).toBeVisible();
  });
  await moveClock(hours(25));
  await report.step('every team hands in', () =>
    inLanes(entrants, (entrant, i) =>
      handIn(teams[i]!, `first-${i + 1}.csv`, predictions(recordings, entrant.wrong[0]!)),
    ),
  );
  await moveClock(hours(24 * 3));
  await report.step('some hand in again, one picks its final', () =>
    inLanes(entrants, async ({ wrong, pick }, i) => {
      const page = teams[i]!;
      for (const [n, count] of wrong.slice(1).entries()) {
        await handIn(page, `next-${n + 1}.csv`, predictions(recordings, count));
      }
      if (pick !== undefined) await pickFinal(page, pick === 0 ? `first-${i + 1}.csv` : `next-${pick}.csv`);
    }),
  );
  await report.step('a team is marked guest, another unranked, with reasons', () => markTeams(organiser));
  await report.step('the board stands as the files foretell', () => expectBoard(stage));
  await freeze(stage, report, teams[0]!);
  await moveClock(new Date(timetable.submissionsEndAt.getTime() + 60_000));
  await report.step('a file after the close is kept and not scored', async () => {
    await handIn(teams[1]!, 'late.csv', predictions(recordings, 0));
    await teams[1]!.getByRole('link', { name: t('upload.receipt-open') }).click();
    await expect(teams[1]!.getByText(t('upload.queue-reveal'))).toBeVisible();
  });
  for (const page of teams) await page.context().close();
}

async function inLanes<Item, Result>(
  items: readonly Item[],
  act: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const waiting = [...items.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await act(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}

async function formTeam(page: Page, { team }: Entrant): Promise<void> {
  await page.goto(`${origin()}/c/${slug}/rules`);
  await page.getByRole('button', { name: t('competition.accept') }).click();
  await expect(page.getByText(t('competition.accept-title'))).toBeHidden();
  await page.goto(`${origin()}/c/${slug}/team`);
  await page.getByLabel(t('team.name'), { exact: true }).fill(team);
  await page.getByRole('button', { name: t('team.create') }).click();
  await expect(page.getByRole('heading', { name: team })).toBeVisible();
}

async function handIn(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto(`${origin()}/c/${slug}/submit`);
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await expect(page.getByText(t('upload.sound'))).toBeVisible();
  await page.locator('main form button[type=submit]').click();
  await expect(page.getByText(t('upload.receipt'), { exact: true })).toBeVisible();
}

async function pickFinal(page: Page, file: string): Promise<void> {
  const pick = page.getByRole('button', { name: t('finals.pick-of', { file }) });
  await expect(async () => {
    await page.goto(`${origin()}/c/${slug}/submissions`);
    await expect(pick).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await pick.click();
  await expect(page.getByRole('button', { name: t('finals.unpick-of', { file }) })).toBeVisible();
}

async function markTeams(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/eligibility`);
  await page.getByRole('button', { name: t('eligibility.decide-of', { team: unranked }) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('eligibility.reason')).fill('Модель обучена на записях test');
  await dialog.getByRole('button', { name: t('eligibility.decide-confirm') }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`${origin()}/organise/${slug}/teams`);
  await page.getByRole('link', { name: guest }).click();
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: t('people.guest-mark') }) });
  await form.getByRole('textbox').fill('Команда преподавателей');
  await form.getByRole('button', { name: t('people.guest-mark') }).click();
  await expect(page.getByRole('button', { name: t('people.guest-unmark') })).toBeVisible();
}

type Row = { team: string; rank: number | null; wer: number | null; isBaseline: boolean };
const readBoard = async (): Promise<{ body: string; rows: Row[] }> => {
  const body = await (await fetch(`${origin()}/api/v1/competitions/${slug}/leaderboard`)).text();
  return { body, rows: JSON.parse(body).rows };
};

/** Places and rates, counted from the files by hand. */
async function expectBoard({ entrants, recordings }: Stage): Promise<void> {
  const foldOf = await readFolds();
  const words = 5 * [...foldOf.values()].filter((fold) => fold === 'public').length;
  const best = new Map(
    entrants.map(({ team, wrong }) => [
      team,
      Math.min(...wrong.map((count) => errorsOn(foldOf, recordings, 'public', count))),
    ]),
  );
  const ranked = entrants.map(({ team }) => team).filter((team) => team !== guest && team !== unranked);
  const foretold = new Map(
    [...best].map(([team, errors]) => [
      team,
      {
        rank: ranked.includes(team) ? 1 + ranked.filter((other) => best.get(other)! < errors).length : null,
        wer: Math.floor((2000 * errors + words) / (2 * words)) / 1000,
      },
    ]),
  );
  await expect
    .poll(
      async () =>
        new Map(
          (await readBoard()).rows
            .filter(({ isBaseline }) => !isBaseline)
            .map(({ team, rank, wer }) => [team, { rank, wer }]),
        ),
      { timeout: 30_000 },
    )
    .toEqual(foretold);
}

/** The board stands still for everybody, and the team sees its own score. */
async function freeze({ browser, recordings }: Stage, report: Report, team: Page): Promise<void> {
  await moveClock(new Date(timetable.freezesAt.getTime() + 60_000));
  const frozen = await report.step('the freeze is announced', async () => {
    await expect.poll(async () => JSON.parse((await readBoard()).body).frozen).toBe(true);
    const audience = await visitor(browser);
    await audience.goto(`${origin()}/c/${slug}/board`);
    await expect(audience.getByText(/заморожена/).first()).toBeVisible();
    await audience.context().close();
    return readBoard();
  });
  await report.step('a team hands in during the freeze and sees its own score', async () => {
    await handIn(team, 'frozen.csv', predictions(recordings, 1));
    await team.getByRole('link', { name: t('upload.receipt-open') }).click();
    await expect(team.getByText(t('upload.score-public'))).toBeVisible({ timeout: 30_000 });
  });
  const now = await readBoard();
  report.atMost('bytes of the public board that this changed', differing(frozen.body, now.body), 0, 'bytes');
}

function differing(a: string, b: string): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) count += 1;
  return count;
}
