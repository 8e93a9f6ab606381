import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultSeed } from '#scoring/statistics/random.ts';
import { buildBundle, buildPages } from '../../bin/start/build.mjs';
import { isFresh } from '../../bin/start/sources.mjs';
import { openReport, type Report } from '../report.ts';
import { reportBurst } from './burst.ts';
import { reportControl, reportCrashes, reportFullDisk } from './crash-report.ts';
import { reportResources } from './resources.ts';
import { reportScoring } from './scoring.ts';

/*
 * `npm run faults [-- --short] [-- NAME …]`: what the product survives, each bound with its value. `--kills N` and `--seed N` draw another
 * marathon. It needs Linux, and root for a disk of its own.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, kills: { type: 'string' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? defaultSeed);
const kills = Number(values.kills ?? (values.short ? 10 : 100));

const stages: Record<string, (report: Report) => Promise<void>> = {
  crashes: (report) => reportCrashes(report, kills, seed),
  control: reportControl,
  disk: (report) => reportFullDisk(report, seed),
  resources: reportResources,
  scoring: reportScoring,
  burst: (report) => reportBurst(report, seed),
};
const short = ['crashes', 'control'];

async function main(): Promise<void> {
  const unknown = positionals.filter((name) => stages[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(`no stage ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
  }
  await build();
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(1)}`);
  const report = openReport();
  const all = values.short ? short : Object.keys(stages);
  for (const name of positionals.length > 0 ? positionals : all) {
    console.log(`\n${name}`);
    await stages[name]!(report);
  }
  process.exitCode = report.end();
}

async function build(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const options = { env: process.env, signal: new AbortController().signal };
  if (!isFresh(root, 'bundle')) await buildBundle(root, { ...options, logFile: `${root}/dist/bundle.log` });
  if (!isFresh(root, 'pages')) await buildPages(root, { ...options, logFile: `${root}/dist/pages.log` });
}

await main();
