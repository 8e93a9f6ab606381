import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Language } from '#lib/messages/language.ts';
import { barriersInTheDark, barriersOf, motionsOf } from './barriers.ts';
import { everyPage, type Page as Place, passages } from './every-page.ts';
import { aFurnishedPlace, type Furnished, type Role } from './furnished.ts';
import { origin, signedIn } from './people.ts';
import { spaceOut, spillsOf } from './spills.ts';

/*
 * What has to hold on every page in every look. A page is opened once in a language, and looked at in light and in dark, which is one
 * attribute of it. `npm test` walks in Russian, whose words are the longer ones; `npm run looks` in English, too.
 */

const laptop = { width: 1280, height: 800 };

test.describe.configure({ mode: 'parallel' });
test.use({ viewport: laptop, contextOptions: { reducedMotion: 'reduce' } });

const root = join(import.meta.dirname, '../..');
const languages: readonly Language[] = process.env.ROSTRUM_EVERY_LOOK === '1' ? ['ru', 'en'] : ['ru'];
const locales: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' };
/** So that the walks are of about the same length, and go on beside each other to the end. */
const pagesPerWalk = 10;
/** A laptop at 200 %, and the width at which WCAG 1.4.10 asks for one direction of scrolling. */
const zoomed = { width: 640, height: 400 };
const narrow = { width: 320, height: 640 };

test('every page of the product is walked, but for those that lead on at once', () => {
  const files = readdirSync(join(root, 'app'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(page|route|not-found)\.tsx$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  expect([...new Set([...everyPage.map(({ file }) => file), ...passages])].sort()).toEqual(files.sort());
});

for (const language of languages) {
  for (const { role, part, pages } of walks()) {
    test(`no page for ${role} (${part}) keeps anybody out, spills over or moves, light or dark, zoomed or spaced (${language})`, async ({
      browser,
    }) => {
      test.setTimeout(180_000);
      const place = await furnished();
      const found: Record<string, string[]> = {};
      const page = await aReader(browser, role, place, language);
      for (const { path, status = 200, shorten } of pages) {
        const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => place.places[name]!);
        expect((await page.goto(origin() + address))?.status(), path).toBe(status);
        if (shorten !== undefined) await keepFirst(page, shorten);
        const troubles = await troublesOf(page);
        if (troubles.length > 0) found[path] = troubles;
      }
      await page.context().close();
      expect(found).toEqual({});
    });
  }
}

test('(control) what keeps somebody out, cannot be read in the dark or spills over is found', async ({ page }) => {
  await page.goto(`${origin()}/sign-in`);
  expect(await troublesOf(page)).toEqual([]);
  // What is planted before the page is its framework's would be taken out with it.
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => {
    document.documentElement.setAttribute('data-theme', 'light');
    document.adoptedStyleSheets = [];
    const planted = document.createElement('div');
    planted.innerHTML =
      '<img src="/icon.svg"><p id="grey">серым</p><p id="wide">широко</p><p id="cut">обрезанная подпись</p>';
    document.querySelector('main')?.append(planted);
    const set = (id: string, style: Partial<CSSStyleDeclaration>) =>
      Object.assign(document.getElementById(id)!.style, style);
    set('grey', { color: '#444' });
    document.getElementById('grey')!.style.setProperty('transition', 'color 1s', 'important');
    set('wide', { width: '400px' });
    set('cut', { width: '40px', overflow: 'hidden', whiteSpace: 'nowrap' });
  });
  const told = (await troublesOf(page)).join('\n');
  for (const trouble of [
    /light: image-alt/,
    /dark: color-contrast/,
    /moves: p/,
    /narrow: \d+px wider/,
    /zoomed: cut off/,
  ]) {
    expect(told).toMatch(trouble);
  }
  expect(told).not.toMatch(/light: color-contrast|zoomed: \d+px wider/);
});

/** Every page once: those of each reader, ten at a time. */
function walks(): { role: Role; part: number; pages: readonly Place[] }[] {
  return [...new Set(everyPage.map(({ by }) => by))].flatMap((role) => {
    const all = everyPage.filter(({ by }) => by === role);
    return Array.from({ length: Math.ceil(all.length / pagesPerWalk) }, (_, i) => ({
      ...{ role, part: i + 1, pages: all.slice(i * pagesPerWalk, (i + 1) * pagesPerWalk) },
    }));
  });
}

let place: Promise<Furnished> | undefined;
/** Once for all walks of a worker. */
function furnished(): Promise<Furnished> {
  place ??= aFurnishedPlace('every');
  return place;
}

async function troublesOf(page: Page): Promise<string[]> {
  const light = await barriersOf(page);
  const moving = await motionsOf(page);
  const dark = await barriersInTheDark(page);
  const spilling: string[] = [];
  const look = async (how: string) => spilling.push(...(await spillsOf(page)).map((spill) => `${how}: ${spill}`));
  await page.setViewportSize(zoomed);
  await look('zoomed');
  await page.setViewportSize(narrow);
  await look('narrow');
  await page.setViewportSize(laptop);
  await spaceOut(page);
  await look('spaced');
  return [
    ...light.map((barrier) => `light: ${barrier}`),
    ...dark.map((barrier) => `dark: ${barrier}`),
    ...moving.map((motion) => `moves: ${motion}`),
    ...spilling,
  ];
}

/** Of each list of equal parts: the rules take minutes over thousands of lines that one template makes. */
function keepFirst(page: Page, selector: string): Promise<void> {
  return page.evaluate((parts) => {
    for (const part of document.querySelectorAll(parts)) {
      const before = part.previousElementSibling;
      if (before?.previousElementSibling?.tagName === part.tagName && before.tagName === part.tagName) part.remove();
    }
  }, selector);
}

async function aReader(browser: Browser, by: Role, place: Furnished, language: Language): Promise<Page> {
  const context = await browser.newContext({ locale: locales[language], viewport: laptop, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await context.addCookies([{ name: 'rostrum-theme', value: 'light', url: origin() }]);
  if (by === 'member' || by === 'organiser') await signedIn(page, place.people[by]);
  if (by === 'stage' || by === 'juror') await page.goto(place.links[by]);
  return page;
}
