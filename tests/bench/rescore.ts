import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { editLabels, findDraft } from '#lib/db/label-drafts.ts';
import { findLastRescore, previewDraft, requestRescore } from '#lib/db/label-rescores.ts';
import { submissionFiles, submissions, teams } from '#lib/db/schema.ts';
import { log } from '#lib/log.ts';
import { runRescore } from '#scoring/jobs/rescore.ts';
import { startScorer } from '#scoring/score-in-thread.ts';
import { createRandom } from '#scoring/statistics/random.ts';
import { aCompetition, aTestSplit, type TestUtterance } from '../builders.ts';
import { createTestDatabase, startTestCluster } from '../cluster.ts';
import { scoreNext } from '../contest.ts';
import { type Figure, median, secondsOf } from './measure.ts';

const size = { utterances: 10_000, wordsEach: 12, teams: 40, filesEach: 5 };
const rounds = 3;
/** As the worker's (scoring/worker.ts). */
const limits = { threads: 2, deadlineMs: 20_000, heapMegabytes: 1024, keptCharacters: 20_000_000 };

/** From the request to the preview of what a corrected reference changes, by the worker's own job, over all files of a season. */
export async function rescore(): Promise<Figure[]> {
  log.level = 'error';
  const { cluster, stop } = await startTestCluster('durable');
  const urls = await createTestDatabase(cluster);
  const [owner, scorer] = [openDatabase(urls.ownerUrl), openDatabase(urls.scorerUrl, { connections: 6 })];
  const threads = startScorer(limits);
  try {
    const competition = await aSeason(owner);
    while (await scoreNext(scorer, threads));
    await owner.execute(sql`analyze`);
    const [whole, preview, processor]: number[][] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      const edit = { id: idOf(17 * round), reference: 'раз два три' };
      await editLabels(scorer, competition.id, [edit], { actorId: null, reason: 'bench' });
      const { id } = await requestRescore(scorer, competition.id, null);
      const before = process.cpuUsage();
      whole!.push(await secondsOf(() => runRescore(scorer, threads, id)));
      const { user, system } = process.cpuUsage(before);
      processor!.push((user + system) / 1e6);
      await requireAllCounted(scorer, competition);
      preview!.push(await secondsOf(() => previewDraft(scorer, competition.id)));
    }
    const what = `${size.teams * size.filesEach} files × ${size.utterances.toLocaleString('en')} utterances`;
    return [
      { what: `${what}: request to preview`, value: median(whole!), unit: 's', most: 5 },
      { what: 'of it, drawing the boards of before and after', value: median(preview!), unit: 's' },
      { what: 'of it, processor time of the worker and its threads', value: median(processor!), unit: 's' },
    ];
  } finally {
    await threads.close();
    await Promise.all([owner.$client.end(), scorer.$client.end()]);
    await stop();
  }
}

async function requireAllCounted(db: Database, { id }: Competition): Promise<void> {
  const rescored = await findLastRescore(db, (await findDraft(db, id))!);
  const files = size.teams * size.filesEach;
  if (rescored?.state !== 'done' || rescored.done !== files) throw new Error(`not rescored: ${rescored?.failure}`);
}

/** Files that wait to be scored: a tenth to a fifth of their words are wrong, by chance with a seed. */
async function aSeason(owner: Database): Promise<Competition> {
  const split = aSplit();
  const competition = await aTestSplit(owner, await aCompetition(owner), split);
  const random = createRandom(1);
  for (let t = 0; t < size.teams; t += 1) {
    const name = `Team ${t}`;
    const rows = await owner
      .insert(teams)
      .values({ competitionId: competition.id, name, nameKey: name.toLowerCase() })
      .returning({ id: teams.id });
    for (let f = 0; f < size.filesEach; f += 1) {
      const content = aFile(split, 0.1 + 0.1 * random(), random);
      await insertFile(owner, { competitionId: competition.id, teamId: rows[0]!.id }, content);
    }
  }
  return competition;
}

async function insertFile(owner: Database, of: { competitionId: string; teamId: string }, content: Buffer) {
  const sha256 = createHash('sha256').update(content).digest();
  const row = { ...of, split: 'test', state: 'queued', receivedAt: new Date(), bytes: content.length, sha256 } as const;
  const created = await owner.insert(submissions).values(row).returning({ id: submissions.id });
  await owner.insert(submissionFiles).values({ submissionId: created[0]!.id, content });
}

const vocabulary = 'раз два три четыре пять шесть семь восемь девять десять сто тысяча ноль плюс минус'.split(' ');

function aSplit(): TestUtterance[] {
  return Array.from({ length: size.utterances }, (_, i) => {
    const words = Array.from({ length: size.wordsEach }, (_w, k) => vocabulary[(i * 7 + k * 3 + (i >> 3)) % 15]);
    return { id: idOf(i), reference: words.join(' '), fold: i % 2 === 0 ? 'public' : 'private' };
  });
}

function idOf(i: number): string {
  return `u${String(i).padStart(6, '0')}`;
}

function aFile(split: readonly TestUtterance[], wrongShare: number, random: () => number): Buffer {
  const said = (word: string) => (random() < wrongShare ? vocabulary[Math.floor(15 * random())]! : word);
  const lines = split.map(({ id, reference }) => `${id},${reference.split(' ').map(said).join(' ')}`);
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}
