import { eq, sql } from 'drizzle-orm';
import { openDatabase } from '#lib/db/client.ts';
import { submissions } from '#lib/db/schema.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { anUpload, aTeam } from '../builders.ts';
import { startTestCluster } from '../cluster.ts';
import { type Fleet, startFleet } from '../fleet.ts';
import { startS3 } from '../s3.ts';
import { eventually } from '../workers.ts';
import type { Figure } from './measure.ts';
import { cpuSeconds, descendants } from './processes.ts';
import { aCompetitionOf, idOf, textsOf } from './site.ts';

const hypotheses = 5_000;
const files = 120;

/**
 * Files that wait are scored by one worker, then as many by two, with no other load of ours. A worker has two threads, so on two cores
 * the second finds little left to take.
 */
export async function scale(): Promise<Figure[]> {
  const s3 = await startS3();
  const { cluster, stop } = await startTestCluster('durable');
  const fleet = await startFleet(cluster, s3.place, { webs: 0, workers: 2 });
  try {
    const texts = textsOf(hypotheses);
    const competition = await aCompetitionOf(fleet.siteOf({ origin: '', home: '' }), texts);
    const { people } = await aTeam(fleet.owner, competition);
    const web = openDatabase(fleet.urls.webUrl, { name: 'bench-web', connections: 4 });
    const runs = [];
    for (const workers of [1, 2]) {
      for (let n = 0; n < files; n += 1) {
        const bytes = fileOf(texts, workers * 1_000 + n);
        await createSubmission(web, anUpload(competition, people[0]!, { bytes }));
      }
      runs.push(await drain(fleet, workers));
    }
    await web.$client.end();
    const [one, two] = runs;
    return [
      { what: `of ${hypotheses} hypotheses, one worker`, value: files / one!.seconds, unit: 'files a second' },
      { what: 'the same, two workers', value: files / two!.seconds, unit: 'files a second' },
      { what: 'two against one', value: one!.seconds / two!.seconds, unit: '×' },
      { what: 'processors that workers and PostgreSQL took, one worker', value: one!.processors, unit: 'cores' },
      { what: 'the same, two workers', value: two!.processors, unit: 'cores' },
      { what: 'processor time of a file', value: (1000 * one!.processors * one!.seconds) / files, unit: 'ms' },
    ];
  } finally {
    await fleet.stop();
    await stop();
    await s3.stop();
  }
}

/** From the moment all of them are ready until nothing waits. */
async function drain({ owner, workers }: Fleet, count: number): Promise<{ seconds: number; processors: number }> {
  const used = workers.slice(0, count);
  const begun = performance.now();
  const before = busy();
  await Promise.all(used.map((worker) => worker.start()));
  await eventually(300, async () => {
    const [left] = await owner
      .select({ count: sql<number>`count(*)::int` })
      .from(submissions)
      .where(eq(submissions.state, 'queued'));
    return left!.count === 0;
  });
  const seconds = (performance.now() - begun) / 1000;
  const processors = (busy() - before) / seconds;
  await Promise.all(used.map((worker) => worker.kill()));
  return { seconds, processors };
}

function busy(): number {
  return descendants()
    .filter(({ command }) => /dist\/worker\.mjs|postgres/.test(command))
    .reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
}

/** Other bytes than any other's, with an inserted word in a fifth of its lines. */
function fileOf(texts: readonly string[], n: number): Buffer {
  const lines = texts.map((text, i) => `${idOf(i)},${i === 0 ? `${n} ` : ''}${i % 5 === 0 ? 'мимо ' : ''}${text}`);
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}
