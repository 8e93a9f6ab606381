import { expect, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { grantRole } from '#lib/db/competitions.ts';
import { users } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { translator } from '#lib/messages/translate.ts';
import { aCompetition, anUpload, aTeam, aTestSplit, type TestUtterance } from '../builders.ts';
import { expectNoBarriers } from './barriers.ts';
import { aMember, ofThisTry, origin, ownerDatabase, signedIn } from './people.ts';

test.use({ locale: 'ru-RU' });

const t = translator('ru');
const split: readonly TestUtterance[] = Array.from({ length: 30 }, (_, i) => ({
  id: `u${i}`,
  reference: `включи музыку номер${i} погромче`,
  fold: i % 3 === 0 ? 'public' : 'private',
}));

/** Of each team the word that it hears instead of the last one, and where. */
const files: readonly (readonly [string, string, readonly number[]])[] = [
  ['Шептуны', 'шёпотом', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['Эхо', 'шёпотом', [0, 1, 2, 3, 4, 5, 6, 7, 9]],
  ['Альфа', 'альфа', [10, 11]],
  ['Бета', 'бета', [12, 13]],
  ['Гамма', 'гамма', [14, 15]],
];

function fileOf(word: string, wrong: readonly number[]): Buffer {
  const lines = split.map(
    ({ id, reference }, i) => `${id},${wrong.includes(i) ? reference.replace('погромче', word) : reference}`,
  );
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

test('an organiser compares teams, looks at a pair that stands out, and notes what they make of it', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const owner = ownerDatabase();
  const competition = await aTestSplit(owner, await aCompetition(owner, { slug: ofThisTry('compared') }), split);
  const organiser = await aMember();
  const [account] = await owner.select().from(users).where(eq(users.emailKey, organiser.email.toLowerCase()));
  await grantRole(owner, competition.id, account!.id, 'organiser', { actorId: null });
  await signedIn(page, organiser);
  await page.goto(`${origin()}/organise/${ofThisTry('compared')}/evidence`);
  await expect(page.getByText(t('evidence.never'))).toBeVisible();
  await expect(page.getByRole('button', { name: t('evidence.start') })).toBeDisabled();

  for (const [name, word, wrong] of files) {
    const { people } = await aTeam(owner, competition, { name });
    await createSubmission(owner, anUpload(competition, people[0]!, { bytes: fileOf(word, wrong) }));
  }
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(t('evidence.would-compare', { teams: 5, known: 0 }))).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole('button', { name: t('evidence.start') }).click();
  const pair = page.getByRole('article').filter({ hasText: 'Шептуны' }).filter({ hasText: 'Эхо' });
  await expect(pair.getByText(t('evidence.stands-out'))).toBeVisible({ timeout: 30_000 });
  await pair.getByRole('button', { name: t('evidence.examples', { count: 8 }) }).click();
  await expect(pair.getByRole('list', { name: t('evidence.label-and-team', { team: 'Эхо' }) })).toHaveCount(8);
  await expect(pair.getByText('шёпотом')).toHaveCount(16);
  await expectNoBarriers(page);

  await pair.getByLabel(t('evidence.note')).fill('Показали разный код');
  await pair.getByRole('button', { name: t('evidence.note-save') }).click();
  await expect(pair.getByText(t('evidence.looked-at'))).toBeVisible();
  await expect(pair.getByText('Показали разный код')).toBeVisible();
  await page.getByRole('link', { name: `← ${t('evidence.to-eligibility')}` }).click();
  await expect(page.getByText(t('eligibility.mark-none')).first()).toBeVisible();
});
