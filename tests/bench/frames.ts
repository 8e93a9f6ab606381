import { existsSync } from 'node:fs';
import { type Browser, type CDPSession, chromium } from '@playwright/test';
import { aCompetition } from '../builders.ts';
import { aSnapshotOf, publishSnapshot } from '../snapshots.ts';
import { type Figure, median } from './measure.ts';
import { withSite } from './site.ts';

const teams = 40;
const rounds = 5;
/** As public/move-rows.js has it. */
const moveMs = 900;

type TraceEvent = { name: string; ts: number };

/**
 * The projector's page while all rows move: frames that Chromium drew, by its own trace. Beside it the same page with nothing but one
 * small box that moves, which says what this machine can draw at all.
 */
export async function frames(): Promise<Figure[]> {
  return withSite(async (site) => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch(existsSync(executablePath) ? { executablePath } : {});
    try {
      const competition = await aCompetition(site.owner, { slug: 'hall' });
      await publishSnapshot(site.owner, competition.id, aSnapshotOf(teams, 0));
      const { page, cdp } = await aProjector(browser, `${site.origin}/live/hall`);
      const [moving, alone]: [number[], number[]] = [[], []];
      for (let round = 1; round <= rounds; round += 1) {
        const seen = page.waitForFunction(
          (version) => document.body.dataset.held?.split(',')[0] === version && document.getAnimations().length > 0,
          String(round + 1),
        );
        const drawn = framesDrawn(cdp, async () => {
          await publishSnapshot(site.owner, competition.id, aSnapshotOf(teams, round));
          await seen;
        });
        moving.push(await drawn);
        alone.push(
          await framesDrawn(cdp, () =>
            page.evaluate((ms) => {
              const box = document.createElement('i');
              box.textContent = '·';
              box.style.position = 'absolute';
              document.body.append(box);
              box.animate([{ transform: 'none' }, { transform: 'translateX(9px)' }], ms).onfinish = () => box.remove();
            }, moveMs),
          ),
        );
      }
      return [
        {
          what: `frames a second while ${teams} rows move, 1920 × 1080, median`,
          value: median(moving),
          unit: 'fps',
          least: 55,
        },
        { what: 'the same page with one small box that moves', value: median(alone), unit: 'fps' },
      ];
    } finally {
      await browser.close();
    }
  });
}

async function aProjector(browser: Browser, address: string) {
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  await page.goto(address);
  await page.waitForSelector('.clock.is-running');
  return { page, cdp: await page.context().newCDPSession(page) };
}

/** Frames a second over the time of one movement, from the first frame after `begin`. */
async function framesDrawn(cdp: CDPSession, begin: () => Promise<unknown>): Promise<number> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: unknown[] }) => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', collect);
  // What came to the screen, and nothing else: each event that is traced takes time of its own.
  const traceConfig = { includedCategories: ['viz'] };
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await begin();
  await new Promise((resolve) => setTimeout(resolve, moveMs));
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', collect);
  const drawn = events.filter(({ name }) => name === 'Display::FrameDisplayed').map(({ ts }) => ts / 1000);
  const last = Math.max(...drawn);
  return (drawn.filter((at) => at > last - moveMs).length * 1000) / moveMs;
}
