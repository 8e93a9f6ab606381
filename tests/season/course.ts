import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { listZip, withArchive } from '#lib/zip-reader.ts';
import { rostrum } from '../e2e/contest.ts';
import { origin } from '../e2e/people.ts';
import type { Report } from '../report.ts';
import { enter, type Stage, t } from './opening.ts';
import { foretellPlaces } from './result.ts';
import { absent, courseSlug, moveClock, predictions, slug, timetable } from './world.ts';

/** Homework, project points and grades to the published sheet, what is exported, and what stays provable afterwards. */
export async function gradeCourse(stage: Stage, report: Report): Promise<void> {
  const { organiser } = stage;
  await moveClock(new Date(timetable.revealsAt.getTime() + 3_600_000));
  await report.step('results of the homework are typed', () => typeResults(stage));
  await report.step('the sheet is previewed and published', () => publishSheet(organiser));
  await report.step('project points are those that the rules give', () => expectPoints(stage));
  await report.step('a student sees their own sheet and nobody else’s', () => readOwnSheet(stage));
  await report.step('a team practises on all of test', () => practise(stage));
  await report.step('the whole competition is downloaded as one archive', () => keepArchive(organiser));
  await report.step('the log verifies, and every board is drawn again from it, byte for byte', async () => {
    await rostrum('admin', 'verify', '--log');
    await rostrum('admin', 'verify', '--boards', '--competition', slug);
  });
}

async function typeResults({ organiser: page, entrants }: Stage): Promise<void> {
  await page.goto(`${origin()}/course/${courseSlug}/manage/results`);
  for (const { name } of entrants)
    await page.getByLabel(`${t('course.column-marked')}: ${name}`, { exact: true }).fill('20');
  await page.getByLabel(t('course.everybody-at')).fill('2026-01-01T12:00');
  await page.getByRole('button', { name: t('course.record'), exact: true }).click();
  await expect(page.getByText(t('course.results-recorded', { count: entrants.length }))).toBeVisible();
}

async function publishSheet(page: Page): Promise<void> {
  await page.goto(`${origin()}/course/${courseSlug}/manage/grades`);
  await page.getByRole('button', { name: t('course.publish'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('course.publish-confirm'), exact: true })
    .click();
  await expect(page.getByText(t('course.published-stands'))).toBeVisible();
}

async function expectPoints(stage: Stage): Promise<void> {
  const page = stage.organiser;
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: `${t('course.export-now')}: CSV` }).click();
  const [head, ...rows] = readFileSync(await (await download).path(), 'utf8')
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(/[;,](?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"|"$/g, '')));
  const column = (title: string) => head!.indexOf(title);
  const shown = new Map(
    rows.map((cells) => [
      cells[column(t('course.column-name'))],
      Number(cells[column(t('course.project'))]!.replace(',', '.')),
    ]),
  );
  const foretold = new Map((await foretellPlaces(stage)).map(({ name, points }) => [name, points]));
  for (const [name, points] of foretold) expect(shown.get(name), name).toBeCloseTo(points, 2);
  expect(foretold.size).toBe(shown.size);
  expect(Math.max(...foretold.values()), 'somebody earns points').toBeGreaterThan(30);
}

async function readOwnSheet({ browser, entrants }: Stage): Promise<void> {
  const student = entrants.find(({ team }) => team === absent)!;
  const page = await enter(browser, student);
  await page.goto(`${origin()}/course/${courseSlug}/sheet`);
  await expect(page.getByRole('heading', { name: student.name, exact: true })).toBeVisible();
  const others = entrants.filter(({ name }) => name !== student.name && !student.name.startsWith(name));
  const text = await page.locator('main').textContent();
  expect(others.filter(({ email }) => text?.includes(email))).toEqual([]);
  await page.context().close();
}

async function practise({ browser, entrants, recordings }: Stage): Promise<void> {
  const page = await enter(browser, entrants[1]!);
  await page.goto(`${origin()}/c/${slug}/submit`);
  await expect(page.getByText(t('upload.practice'))).toBeVisible();
  const buffer = predictions(recordings, 2);
  await page.locator('input[type=file]').setInputFiles({ name: 'practice.csv', mimeType: 'text/csv', buffer });
  await page.locator('main form button[type=submit]').click();
  await page.getByRole('link', { name: t('upload.receipt-open') }).click();
  await expect(page.getByRole('heading', { name: t('upload.whole-title') })).toBeVisible({ timeout: 30_000 });
  // Two of 300 words.
  await expect(page.getByText('0,7 %').first()).toBeVisible();
  await page.context().close();
}

async function keepArchive(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: t('console.archive-download') }).click();
  const names = await withArchive(await (await download).path(), async (archive) =>
    (await listZip(archive)).map(({ name }) => name),
  );
  expect(names).toEqual(expect.arrayContaining(['results.csv', 'labels/1.jsonl', 'events.csv', 'SHA256SUMS']));
}
