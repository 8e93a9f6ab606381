import { cpus } from 'node:os';
import { audience } from './audience.ts';
import { baseline } from './baseline.ts';
import { board } from './board.ts';
import { organisersConsole } from './console.ts';
import { decode } from './decode.ts';
import { events } from './events.ts';
import { evidence } from './evidence.ts';
import { frames } from './frames.ts';
import { labels } from './labels.ts';
import { ladder } from './ladder.ts';
import { log } from './log.ts';
import type { Benchmark, Figure } from './measure.ts';
import { metering } from './metering.ts';
import { million } from './million.ts';
import { pages } from './pages.ts';
import { places } from './places.ts';
import { receipts } from './receipts.ts';
import { redraw } from './redraw.ts';
import { rescore } from './rescore.ts';
import { reveal } from './reveal.ts';
import { scale } from './scale.ts';
import { score } from './score.ts';
import { start } from './start.ts';
import { statistics } from './statistics-figures.ts';
import { submit } from './submit.ts';
import { upload } from './upload.ts';

/*
 * `npm run bench [NAME …]`: figures of the built product, each bound with its value. Machines differ and are shared: what can be
 * compared are ratios within one run.
 */

const benchmarks: Record<string, Benchmark> = {
  upload,
  submit,
  receipts,
  board,
  redraw,
  log,
  rescore,
  console: organisersConsole,
  events,
  audience,
  frames,
  reveal,
  start,
  score,
  statistics,
  decode,
  baseline,
  ladder,
  places,
  pages,
  labels,
  evidence,
  scale,
  million,
  metering,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => benchmarks[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  const figures: Figure[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    console.log(`\n${name}`);
    for (const figure of await benchmarks[name]!()) {
      console.log(line(figure));
      figures.push(figure);
    }
  }
  const bounded = figures.filter(({ most, least }) => most !== undefined || least !== undefined);
  const failed = bounded.filter((figure) => !passes(figure)).length;
  console.log(`\n${bounded.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function passes({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Figure): boolean {
  return value <= most && value >= least;
}

function line(figure: Figure): string {
  const { what, value, unit, most, least } = figure;
  const limit = most !== undefined ? `at most ${most}` : `at least ${least}`;
  const bound = (most ?? least) === undefined ? '' : `  (${limit} ${unit}: ${passes(figure) ? 'passed' : 'failed'})`;
  return `  ${what.padEnd(64)} ${value.toPrecision(3).padStart(8)} ${unit}${bound}`;
}

await main(process.argv.slice(2));
