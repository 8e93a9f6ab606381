import { chromium, type Page } from '@playwright/test';
import { sql } from 'drizzle-orm';
import { caller, sending, type TestSite } from '../site.ts';
import { type Figure, median, quantile, secondsOf } from './measure.ts';
import { descendants, find, residentMegabytes } from './processes.ts';
import { aBigContest, withSite } from './site.ts';

const uploads = 15;
const utterances = 10_000;

/** 10,000 hypotheses: from the first byte sent to the receipt, and from the receipt to the board on a screen. */
export async function upload(): Promise<Figure[]> {
  return withSite(async (site) => {
    const { competition, author, texts } = await aBigContest(site, utterances);
    const call = await caller(site, author);
    const screen = await openScreen(`${site.origin}/c/${competition.slug}/board`);
    const times = { receipt: [] as number[], screen: [] as number[], plain: [] as number[] };
    // The first upload warms what is kept in memory, as every upload but the first of a day finds it.
    for (let i = 0; i <= uploads; i += 1) {
      const body = fileOf(texts, 5 * (uploads - i) + 1);
      const shown = screen.nextChange();
      const begun = performance.now();
      const response = await call(`/competitions/${competition.slug}/submissions?split=test`, sending(body));
      if (response.status !== 201) throw new Error(await response.text());
      const received = performance.now();
      await shown;
      const seen = performance.now();
      const plain = await plainInsert(site, body);
      if (i === 0) continue;
      times.receipt.push((received - begun) / 1000);
      times.screen.push((seen - received) / 1000);
      times.plain.push(plain);
    }
    const memory = memoryOf();
    await screen.close();
    const both = times.receipt.map((seconds, i) => seconds + times.screen[i]!);
    return [
      { what: 'upload to receipt, median', value: median(times.receipt), unit: 's', most: 0.5 },
      { what: 'upload to receipt, p95', value: quantile(times.receipt, 0.95), unit: 's' },
      { what: 'receipt to board on screen, median', value: median(times.screen), unit: 's' },
      { what: 'receipt to board on screen, p95', value: quantile(times.screen, 0.95), unit: 's' },
      { what: 'upload to board on screen, median', value: median(both), unit: 's', most: 1.5 },
      {
        what: 'receipt against storing the same bytes with one INSERT',
        value: median(times.receipt) / median(times.plain),
        unit: '×',
      },
      ...memory,
    ];
  });
}

function fileOf(texts: readonly string[], wrongEvery: number): Buffer {
  // Every file has fewer errors than the one before, so that each moves the board.
  const lines = texts.map(
    (text, i) => `u${String(i).padStart(6, '0')},${i % 100 < wrongEvery ? `мимо ${text}` : text}`,
  );
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

/** The peer: PostgreSQL alone, the same bytes, one committed row. */
async function plainInsert(site: TestSite, bytes: Buffer): Promise<number> {
  await site.owner.execute(sql`create table if not exists bench_files (content bytea)`);
  return secondsOf(() => site.owner.execute(sql`insert into bench_files values (${bytes})`));
}

function memoryOf(): Figure[] {
  const postgres = descendants().filter(({ command }) => /\bpostgres\b/.test(command));
  return [
    { what: 'memory of the web process', value: residentMegabytes(find('dist/server.mjs').pid), unit: 'MB' },
    { what: 'memory of the worker', value: residentMegabytes(find('dist/worker.mjs').pid), unit: 'MB' },
    {
      what: 'memory of the largest PostgreSQL process',
      value: Math.max(...postgres.map(({ pid }) => residentMegabytes(pid))),
      unit: 'MB',
    },
  ];
}

/** A real browser on the board; `nextChange` resolves when the first row's figures change. */
async function openScreen(url: string): Promise<{ nextChange(): Promise<void>; close(): Promise<void> }> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-background-networking'],
  });
  const page: Page = await browser.newPage();
  await page.goto(url, { waitUntil: 'networkidle' });
  const bodyText = () => page.evaluate(() => document.querySelector('main table tbody')?.textContent ?? '');
  return {
    async nextChange() {
      const before = await bodyText();
      await page.waitForFunction(
        (text) => (document.querySelector('main table tbody')?.textContent ?? '') !== text,
        before,
        { polling: 'raf', timeout: 60_000 },
      );
    },
    close: () => browser.close(),
  };
}
