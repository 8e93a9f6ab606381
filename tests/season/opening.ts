import { join } from 'node:path';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { translator } from '#lib/messages/translate.ts';
import { toLocalInput } from '#lib/time.ts';
import { ownerEnvironment, rostrum } from '../e2e/contest.ts';
import { origin, signIn, type TestPerson } from '../e2e/people.ts';
import type { Report } from '../report.ts';
import {
  baselineWrong,
  courseSlug,
  type Entrant,
  hours,
  makeEntrants,
  predictions,
  type Recordings,
  slug,
  timetable,
  writeRecordings,
  zone,
} from './world.ts';

export const t = translator('ru');

/** Who is there, and the organiser's own page. */
export type Stage = {
  browser: Browser;
  organiser: Page;
  recordings: Recordings;
  entrants: readonly Entrant[];
};

export async function visitor(browser: Browser, width = 1280, height = 800): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ locale: 'ru-RU', viewport: { width, height } });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

const local = (at: Date) => toLocalInput(at, zone);

/** From the link that the first start prints to a published competition with its baseline. */
export async function openCompetition(browser: Browser, report: Report): Promise<Stage> {
  const organiser = await visitor(browser);
  const recordings = writeRecordings(join(ownerEnvironment().ROSTRUM_HOME ?? '', 'import'));
  await report.step('the first administrator signs up by the link of the first start', () => signUpFirst(organiser));
  await report.step('an organiser creates a competition', () => create(organiser));
  await report.step('sets its timeline in its zone', () => setTimeline(organiser));
  await report.step('writes brief, rules, licence', () => writeTexts(organiser));
  await report.step('imports recordings and transcripts', () => bringData(organiser, recordings));
  await report.step('pins a baseline', () => pinBaseline(organiser, recordings));
  await report.step('publishes', () => publish(organiser));
  const entrants = await makeEntrants();
  return { browser, organiser, recordings, entrants };
}

async function signUpFirst(page: Page): Promise<void> {
  await page.goto((await rostrum('admin', 'first-administrator')).trim());
  const person: TestPerson = { name: 'Ольга', email: 'organiser@example.org', password: 'длинный пароль' };
  await page.getByRole('textbox', { name: t('auth.email'), exact: true }).fill(person.email);
  await page.getByLabel(t('auth.name'), { exact: true }).fill(person.name);
  await page.getByLabel(t('auth.password'), { exact: true }).fill(person.password);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(`${origin()}/`);
}

async function create(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise`);
  await page.getByLabel(t('organise.slug'), { exact: true }).fill(slug);
  await page.getByLabel(t('organise.name-ru')).fill('Осенний проект');
  await page.getByLabel(t('organise.name-en')).fill('Autumn project');
  await page.getByLabel(t('organise.submissions-start')).fill(local(timetable.submissionsStartAt));
  await page.getByLabel(t('organise.submissions-end')).fill(local(timetable.submissionsEndAt));
  await page.getByRole('button', { name: t('organise.create'), exact: true }).click();
  await page.waitForURL(`${origin()}/organise/${slug}`);
}

async function save(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: t('organise.save'), exact: true })
    .first()
    .click();
  await expect(page.getByText(t('organise.saved')).first()).toBeVisible();
}

async function setTimeline(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/timeline`);
  const set = (field: 'registrationStartsAt' | 'testReleasedAt' | keyof typeof timetable, at: Date) =>
    page.getByLabel(t(`organise.field-${field}`)).fill(local(at));
  await set('registrationStartsAt', hours(-1));
  await set('testReleasedAt', hours(-1));
  await set('freezesAt', timetable.freezesAt);
  await set('defenceAt', timetable.defenceAt);
  await set('revealsAt', timetable.revealsAt);
  await save(page);
}

async function writeTexts(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/texts`);
  await page.getByLabel(t('organise.licence'), { exact: true }).fill('CC BY 4.0');
  await page.getByLabel(t('organise.attribution'), { exact: true }).fill('Записано на кафедре');
  await save(page);
}

async function bringData(page: Page, { manifest }: Recordings): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/limits`);
  await page.getByLabel(t('organise.public-fold')).fill('50');
  await save(page);
  await page.goto(`${origin()}/organise/${slug}/data`);
  await page.getByLabel(t('organise.import-path'), { exact: true }).fill(manifest);
  await page.getByRole('button', { name: t('organise.import'), exact: true }).click();
  await expect(page.getByText(t('organise.import-done'), { exact: true })).toBeVisible({ timeout: 60_000 });
}

async function pinBaseline(page: Page, recordings: Recordings): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}/baseline`);
  const buffer = predictions(recordings, baselineWrong);
  await page.locator('input[type=file]').setInputFiles({ name: 'baseline.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: t('organise.baseline-pin'), exact: true }).click();
  await expect(page.getByText(t('organise.baseline-pinned'))).toBeVisible();
}

async function publish(page: Page): Promise<void> {
  await page.goto(`${origin()}/organise/${slug}`);
  await page.getByRole('button', { name: t('organise.publish'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('organise.publish'), exact: true })
    .click();
  await expect.poll(async () => (await fetch(`${origin()}/c/${slug}`)).status).toBe(200);
}

const homework = { title: 'Первое задание', soft: hours(24 * 4), hard: hours(24 * 18) };

/** A course with a homework and a roster of all entrants, whose project the competition is. */
export async function openCourse({ organiser: page, entrants }: Stage, report: Report): Promise<void> {
  await report.step('a course is created, and the competition becomes its project', () => createCourse(page));
  await report.step('a homework gets its deadlines', () => addHomework(page));
  await report.step('the roster is brought by CSV', () => bringRoster(page, entrants));
}

async function createCourse(page: Page): Promise<void> {
  await page.goto(`${origin()}/course`);
  await page.getByLabel(t('organise.slug'), { exact: true }).fill(courseSlug);
  await page.getByLabel(t('organise.name-ru')).fill('Нейронные сети');
  await page.getByLabel(t('organise.name-en')).fill('Neural networks');
  await page.getByRole('button', { name: t('course.create'), exact: true }).click();
  await page.waitForURL(`${origin()}/course/${courseSlug}/manage`);
  const link = page.getByRole('form', { name: t('course.competition') });
  await link.getByLabel(t('course.competition-choice')).selectOption(slug);
  await link.getByRole('button').first().click();
  await expect(link.getByText(t('course.saved'))).toBeVisible();
  await page.getByRole('button', { name: t('course.open'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('course.open'), exact: true })
    .click();
  await expect(page.getByText(t('course.open-text'))).toBeHidden();
}

async function addHomework(page: Page): Promise<void> {
  await page.goto(`${origin()}/course/${courseSlug}/manage/programme`);
  const form = page.getByRole('form', { name: t('course.homework') });
  await form.getByLabel(t('course.title-ru')).fill(homework.title);
  await form.getByLabel(t('course.field-handed-out-at')).fill(local(hours(-24)));
  await form.getByLabel(t('course.field-soft')).fill(local(homework.soft));
  await form.getByLabel(t('course.field-hard')).fill(local(homework.hard));
  await form.getByRole('button', { name: t('course.add'), exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: homework.title })).toBeVisible();
}

async function bringRoster(page: Page, entrants: readonly Entrant[]): Promise<void> {
  await page.goto(`${origin()}/course/${courseSlug}/manage/roster`);
  const rows = entrants.map(({ name, email }, i) => `${i + 1};${name};${email}`);
  const buffer = Buffer.from(`номер;фио;почта\n${rows.join('\n')}\n`);
  await page
    .getByLabel(t('course.file'), { exact: true })
    .setInputFiles({ name: 'roster.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: t('course.check'), exact: true }).click();
  await page.getByRole('button', { name: t('course.import'), exact: true }).click();
  for (const { name } of entrants) {
    await expect(page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })).toContainText(
      t('course.linked'),
    );
  }
}

export async function enter(browser: Browser, person: TestPerson): Promise<Page> {
  const page = await visitor(browser);
  await signIn(page, person);
  return page;
}
