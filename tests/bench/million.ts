import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { createTestDatabase, dropTestDatabase, startTestCluster, type TestCluster } from '../cluster.ts';
import { hotQueries } from '../hot-queries.ts';
import { fillMany, type Size } from '../many.ts';
import { onlyReads, planOf, scannedWhole, statementsOf } from '../plans.ts';
import { type Figure, median, secondsOf } from './measure.ts';
import { residentMegabytes } from './processes.ts';

const rounds = 5;
const sizes: Record<'small' | 'large', Size> = {
  small: { competitions: 10, teamsEach: 10, filesEach: 100 },
  large: { competitions: 100, teamsEach: 100, filesEach: 100 },
};

/** Of a process: how long it took, and the most memory that it had. */
type Run = { seconds: number; peakMegabytes: number };

type Measured = {
  /** Milliseconds of each query, and of what it waits for most: the pages that it looks at. */
  queries: Map<string, { milliseconds: number; blocks: number; scans: string[]; isByFile: boolean }>;
  bytesOfSubmission: number;
  databaseMegabytes: number;
  fillSeconds: number;
  backup: Run & { megabytes: number };
  restore: Run;
};

/**
 * Everything that is asked often, on 10,000 and on 1,000,000 submissions, with as many events and lists of errors; and a backup of
 * each and its restore, in processes of their own. Bounds are ratios: a hundred times the rows must not be a hundred times the work.
 */
export async function million(): Promise<Figure[]> {
  const { cluster, stop } = await startTestCluster();
  try {
    const small = await measure(cluster, sizes.small);
    const large = await measure(cluster, sizes.large);
    return [...figuresOf(small, large), ...backupFigures(small, large)];
  } finally {
    await stop();
  }
}

async function measure(cluster: TestCluster, size: Size): Promise<Measured> {
  const urls = await createTestDatabase(cluster);
  const [owner, web, scorer] = [urls.ownerUrl, urls.webUrl, urls.scorerUrl].map((url) => openDatabase(url)) as [
    Database,
    Database,
    Database,
  ];
  try {
    let many: Awaited<ReturnType<typeof fillMany>>;
    const fillSeconds = await secondsOf(async () => {
      many = await fillMany(owner, size);
    });
    const queries: Measured['queries'] = new Map();
    for (const { what, db, ask, isByFile = false } of hotQueries({ web, scorer }, many!)) {
      const statements = await statementsOf(db, ask);
      const plans = [];
      for (const statement of statements.filter(onlyReads)) plans.push(await planOf(db, statement, 'taken'));
      const times = [];
      for (let round = 0; round < rounds; round += 1) times.push(1000 * (await secondsOf(ask)));
      const blocks = plans.reduce(
        (sum, plan) => sum + (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
        0,
      );
      queries.set(what, {
        milliseconds: median(times),
        blocks,
        scans: plans.flatMap(scannedWhole),
        isByFile,
      });
    }
    const bytes = await databaseBytes(owner);
    const files = size.competitions * size.teamsEach * size.filesEach;
    return {
      ...{ queries, fillSeconds, databaseMegabytes: bytes / 1e6, bytesOfSubmission: bytes / files },
      ...(await backUpAndRestore(cluster, urls.ownerUrl)),
    };
  } finally {
    for (const each of [owner, web, scorer]) await each.$client.end();
    await dropTestDatabase(cluster, urls.name);
  }
}

async function databaseBytes(owner: Database): Promise<number> {
  const { rows } = await owner.execute<{ bytes: string }>(sql`select pg_database_size(current_database()) as bytes`);
  return Number(rows[0]!.bytes);
}

/** A backup of all of it, and its restore into an empty database; scrypt for the key takes half a second of both. */
async function backUpAndRestore(cluster: TestCluster, ownerUrl: string): Promise<Pick<Measured, 'backup' | 'restore'>> {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-bench-'));
  const file = join(folder, 'all.tar');
  const keyFile = join(import.meta.dirname, '../../package.json');
  const target = await createTestDatabase(cluster, 'empty');
  const roles = { DATABASE_URL_WEB: target.webUrl, DATABASE_URL_SCORER: target.scorerUrl };
  try {
    const admin = (url: string, home: string, ...args: string[]) =>
      runOf(['admin', ...args, '--key-file', keyFile], {
        ROSTRUM_HOME: join(folder, home),
        DATABASE_URL: url,
        ...roles,
      });
    const made = await admin(ownerUrl, 'from', 'backup', file);
    if (made.code !== 0) throw new Error(`the backup ended with ${made.code}`);
    const restored = await admin(target.ownerUrl, 'to', 'restore', file);
    // 3: all is there, and the proof says that these boards were invented and never drawn.
    if (restored.code !== 3) throw new Error(`the restore ended with ${restored.code}`);
    return { backup: { ...made, megabytes: statSync(file).size / 1e6 }, restore: restored };
  } finally {
    await dropTestDatabase(cluster, target.name);
    rmSync(folder, { recursive: true });
  }
}

async function runOf(args: string[], environment: Record<string, string>): Promise<Run & { code: number | null }> {
  const env = { ...process.env, ...environment };
  const began = performance.now();
  const child = spawn(process.execPath, ['dist/rostrum.mjs', ...args], { env, stdio: 'ignore' });
  let peakMegabytes = 0;
  const watch = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, residentMegabytes(child.pid!));
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  return { code, seconds: (performance.now() - began) / 1000, peakMegabytes };
}

function figuresOf(small: Measured, large: Measured): Figure[] {
  const moreFiles = filesIn(sizes.large) / filesIn(sizes.small);
  return [...large.queries].flatMap(([what, { milliseconds, blocks, scans, isByFile }]): Figure[] => {
    const before = small.queries.get(what)!;
    const times = blocks / Math.max(1, before.blocks);
    return [
      {
        what: `${what}${scans.length === 0 ? '' : ` (reads all of ${[...new Set(scans)].join(', ')})`}`,
        value: milliseconds,
        unit: 'ms',
      },
      isByFile
        ? { what: '  for each file of it, times the pages', value: times / moreFiles, unit: '×', most: 2 }
        : { what: '  times the pages that 10,000 submissions take', value: times, unit: '×', most: 15 },
    ];
  });
}

/** In one competition. */
function filesIn({ teamsEach, filesEach }: Size): number {
  return teamsEach * filesEach;
}

function backupFigures(small: Measured, large: Measured): Figure[] {
  return [
    { what: 'filling it', value: large.fillSeconds, unit: 's' },
    { what: 'the database', value: large.databaseMegabytes, unit: 'MB' },
    { what: 'a submission in it, without its file', value: large.bytesOfSubmission / 1e3, unit: 'kB' },
    { what: 'its backup', value: large.backup.megabytes, unit: 'MB' },
    { what: 'making it', value: large.backup.seconds, unit: 's' },
    ...memoryFigures(small.backup, large.backup),
    { what: 'restoring it, with the proof', value: large.restore.seconds, unit: 's' },
    ...memoryFigures(small.restore, large.restore),
  ];
}

function memoryFigures(small: Run, large: Run): Figure[] {
  const times = large.peakMegabytes / small.peakMegabytes;
  return [
    { what: 'most memory that takes', value: large.peakMegabytes, unit: 'MB' },
    { what: '  times that of 10,000 submissions', value: times, unit: '×', most: 2 },
  ];
}
