import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { competitions, folds } from '#lib/db/schema.ts';
import { aMember, ownerDatabase, type TestPerson } from '../e2e/people.ts';
import { aWav } from '../wav-files.ts';

/*
 * The people, recordings and dates of one season. The clock of rules is moved, as a rehearsal moves it: everything that happens by a date
 * happens by the product's own means.
 */

export const slug = 'autumn';
export const courseSlug = 'neural-networks';
export const zone = 'Europe/Moscow';

const hour = 3600 * 1000;
const start = Date.now();
/** Hours from the beginning of the season. */
export const hours = (count: number): Date => new Date(start + count * hour);

export const timetable = {
  submissionsStartAt: hours(24),
  freezesAt: hours(24 * 10),
  submissionsEndAt: hours(24 * 11),
  defenceAt: hours(24 * 11 + 2),
  revealsAt: hours(24 * 12),
};

/** Sets the clock of rules to an instant, from where it goes on, and lets everybody look at it. */
export async function moveClock(to: Date): Promise<void> {
  const db = ownerDatabase();
  await db.execute(sql`update installation set clock_offset = ${to.toISOString()}::timestamptz - clock_timestamp()`);
  await db.execute(sql`select pg_notify('rostrum_live', id::text) from competitions where slug = ${slug}`);
}

const utterances = 60;
const words =
  'вечер город дорога звезда зима книга лампа море ночь окно песня река сад театр утро хлеб цирк школа яблоко берег ветер гора дом';

/** Five words of the list, no two utterances alike: multiples of numbers that share no factor with its length. */
function textOf(number: number): string {
  const all = words.split(' ');
  return [1, 2, 5, 7, 11].map((factor, i) => all[(number * factor + i * 3 + Math.floor(number / 23)) % 23]).join(' ');
}

export type Recordings = { manifest: string; test: ReadonlyMap<string, string> };

/** Recordings of half a second with a manifest, in the folder that organisers import from. */
export function writeRecordings(importFolder: string): Recordings {
  const folder = join(importFolder, slug);
  mkdirSync(join(folder, 'audio'), { recursive: true });
  const splits = [
    ...Array<string>(utterances).fill('test'),
    ...Array<string>(4).fill('dev'),
    ...Array<string>(4).fill('train'),
  ];
  const rows = splits.map((split, i) => {
    const id = `u${String(i + 1).padStart(2, '0')}`;
    writeFileSync(join(folder, 'audio', `${id}.wav`), aWav({ data: new Uint8Array(8000 * 2 * 3).fill(i + 1) }));
    return { id, split, text: textOf(i + 1) };
  });
  const lines = rows.map(({ id, split, text }) => `${id},audio/${id}.wav,${text},${split}`);
  writeFileSync(join(folder, 'manifest.csv'), `id,audio,text,split\n${lines.join('\n')}\n`);
  const test = new Map(rows.filter(({ split }) => split === 'test').map(({ id, text }) => [id, text]));
  return { manifest: `${slug}/manifest.csv`, test };
}

/** The first word of so many utterances from the start is another one, then the second. */
export function predictions({ test }: Recordings, wrong: number): Buffer {
  const lines = [...test].map(([id, text], i) => {
    const said = text.split(' ');
    for (let word = 0; word * utterances + i < wrong; word += 1) said[word] = 'мимо';
    return `${id},${said.join(' ')}`;
  });
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

export type FoldOf = ReadonlyMap<string, 'public' | 'private'>;

/** Which utterances are on which fold: what nobody knows before the reveal, read by the owner to foretell the result. */
export async function readFolds(): Promise<FoldOf> {
  const rows = await ownerDatabase()
    .select({ id: folds.utteranceId, fold: folds.fold })
    .from(folds)
    .innerJoin(competitions, eq(competitions.id, folds.competitionId))
    .where(eq(competitions.slug, slug));
  return new Map(rows.map(({ id, fold }) => [id, fold]));
}

/** Counted by hand: one substitution for each wrong word. */
export function errorsOn(foldOf: FoldOf, recordings: Recordings, fold: 'public' | 'private', wrong: number): number {
  const ids = [...recordings.test.keys()];
  let errors = 0;
  for (let i = 0; i < wrong; i += 1) if (foldOf.get(ids[i % utterances]!) === fold) errors += 1;
  return errors;
}

export type Entrant = TestPerson & {
  team: string;
  /** Wrong words of the files that are handed in before the freeze, in their order. */
  wrong: readonly number[];
  /** Which of them is picked as final. */
  pick?: number;
};

export const guest = 'Гости кафедры';
export const unranked = 'Чужая модель';
export const absent = 'Тишина';
/** What the organisers' baseline gets wrong. */
export const baselineWrong = 42;

const teams: readonly Omit<Entrant, keyof TestPerson>[] = [
  { team: 'Фонема', wrong: [30, 8] },
  { team: 'Акустики', wrong: [11] },
  { team: absent, wrong: [14] },
  { team: 'Лучи', wrong: [17, 45], pick: 1 },
  { team: 'Шум и речь', wrong: [20] },
  { team: 'Дифтонг', wrong: [23, 50] },
  { team: 'Мел-спектр', wrong: [26] },
  { team: 'Перцептрон', wrong: [26] },
  { team: 'Второй проход', wrong: [38] },
  { team: 'Словарь', wrong: [55] },
  { team: unranked, wrong: [3] },
  { team: guest, wrong: [5] },
];

export async function makeEntrants(): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const [i, team] of teams.entries()) {
    const person = await aMember({ name: `Студент ${i + 1}`, email: `student-${i + 1}@example.org` });
    entrants.push({ ...team, ...person });
  }
  return entrants;
}
