import { execFile } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { openReport, type Report } from '../report.ts';
import { eventually } from '../workers.ts';
import { makeBases } from './bases.ts';
import { docker, missingEngine } from './engine.ts';
import { labelsAreShutTo, surprisingRights } from './rights.ts';
import {
  backUp,
  type Contest,
  everythingIsScored,
  importAndDownload,
  openContest,
  readHiddenReferences,
  sees,
  sendMail,
  slowUpload,
  upload,
  watchers,
} from './scenes.ts';
import { buildImages, type Container, startTrial, type Trial } from './trial.ts';
import { reportUnits } from './units.ts';

/*
 * `npm run containers`: the images are built, compose.yaml is started as it is, people take part over HTTPS, and one container after the
 * other is killed or stopped; then the units of systemd, on a machine that boots. It needs Docker with compose, root, and the images that both files name: from a registry, or made of
 * Debian's packages with `-- --bases FOLDER`.
 */

const { values } = parseArgs({
  options: { bases: { type: 'string' }, 'no-build': { type: 'boolean', default: false } },
});

async function main(): Promise<number> {
  const missing = missingEngine();
  if (missing !== null) {
    console.log(`skipped: no container engine (${missing})\n\n0 passed, 0 failed`);
    return 0;
  }
  const report = openReport();
  console.log(`${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(1)}`);
  if (values.bases !== undefined)
    await report.step('the images that ours stand on are made', () => makeBases(values.bases!));
  if (!values['no-build']) await report.step('the images are built', async () => buildImages());
  for (const image of ['web', 'worker']) {
    const bytes = Number(docker('image', 'inspect', '--format', '{{.Size}}', `rostrum-trial-${image}`));
    report.atMost(`size of the image of the ${image}`, bytes / 1e6, 900, 'MB');
  }
  const trial = await report.step('everything is up, each web by its health check', startTrial);
  try {
    await visit(report, trial);
  } finally {
    await trial.end();
  }
  await reportUnits(report);
  return report.end();
}

async function visit(report: Report, trial: Trial): Promise<void> {
  await report.step('the installation is ready, over HTTPS through Caddy', async () => {
    await eventually(60, async () => (await trial.ask('/readyz')).status === 200);
  });
  await report.step('the migration has printed the link of the first administrator', async () => {
    if (!/https:\/\/rostrum\.example\.org\/\S+/.test(trial.compose('logs', 'migrate'))) throw new Error('it has not');
  });
  await report.step('web and worker may do what is meant, and no more', async () => {
    const surprises = surprisingRights(trial);
    if (surprises.length > 0) throw new Error(surprises.join('; '));
    const [web, worker] = [trial.containersOf('web')[0]!, trial.containersOf('worker')[0]!];
    if (!labelsAreShutTo(web, 'web_url')) throw new Error('the web reads hidden references');
    // Control: the same question by the role that may.
    if (labelsAreShutTo(worker, 'scorer_url')) throw new Error('the question is refused to the scorer, too');
  });
  const contest = await openContest(trial, 'trial');
  const streams = await watchers(trial, contest, 4);
  await report.step('a file is uploaded, scored, and seen by all who watch', async () => {
    expectCreated(await upload(trial, contest, 'first'));
    await eventually(30, async () => streams.every((stream) => sees(stream, 1)));
  });
  await report.step('an organiser reads hidden references by way of a worker, and nobody else does', () =>
    readHiddenReferences(trial, contest),
  );
  await report.step('an archive is imported by way of the bucket, and its recording given out', () =>
    importAndDownload(trial),
  );
  await report.step('a mail comes to the mail server', () => sendMail(trial));
  await report.step('a backup is made, as the page for operators says', async () => backUp(trial));
  await kills(report, trial, contest, streams);
  await stops(report, trial, contest);
}

function expectCreated({ status, body }: { status: number; body: string }): void {
  if (status !== 201) throw new Error(`an upload was answered with ${status}: ${body.slice(0, 200)}`);
}

/** As a machine that loses its power: docker kill would count as a wish of the operator, and nothing would be started again. */
function killProcess({ pid }: Container): void {
  process.kill(pid, 'SIGKILL');
}

async function startedAgain(trial: Trial, service: string, before: Container): Promise<void> {
  await eventually(60, async () => {
    const now = trial.containersOf(service).find(({ id }) => id === before.id)!;
    return now.isRunning && now.pid !== before.pid && (now.health ?? 'healthy') === 'healthy';
  });
}

async function kills(report: Report, trial: Trial, contest: Contest, streams: Awaited<ReturnType<typeof watchers>>) {
  let files = 1;
  await report.step(
    'a killed web: half of the viewers are cut off, uploads go on by the other, it comes back',
    async () => {
      const web = trial.containersOf('web')[0]!;
      killProcess(web);
      await eventually(10, async () => streams.filter((stream) => stream.isEnded()).length === 2);
      for (let i = 0; i < 5; i += 1) expectCreated(await upload(trial, contest, `without-web-${i}`));
      files += 5;
      await startedAgain(trial, 'web', web);
      await everythingIsScored(trial, contest, files);
      await eventually(30, async () => streams.filter((stream) => sees(stream, files)).length === 2);
    },
  );
  await report.step('a killed worker: the other scores what comes, and it comes back', async () => {
    const worker = trial.containersOf('worker')[0]!;
    const answers = Array.from({ length: 20 }, (_, i) => upload(trial, contest, `without-worker-${i}`));
    killProcess(worker);
    for (const answer of await Promise.all(answers)) expectCreated(answer);
    files += 20;
    await everythingIsScored(trial, contest, files);
    await startedAgain(trial, 'worker', worker);
  });
  await report.step('a killed PostgreSQL: web and worker find it again', async () => {
    const [postgres] = trial.containersOf('postgres');
    killProcess(postgres!);
    await startedAgain(trial, 'postgres', postgres!);
    await eventually(60, async () => (await trial.ask('/readyz')).status === 200);
    expectCreated(await upload(trial, contest, 'after-postgres'));
    files += 1;
    await everythingIsScored(trial, contest, files);
  });
  for (const stream of streams) stream.close();
}

async function stops(report: Report, trial: Trial, contest: Contest): Promise<void> {
  await report.step(
    'docker stop of both webs: an upload that is under way gets its receipt, and each ends by itself',
    async () => {
      const webs = trial.containersOf('web');
      let stopped: Promise<string> = Promise.reject(new Error('nothing was stopped'));
      stopped.catch(() => {});
      const answer = await slowUpload(trial, contest, 4, () => {
        stopped = dockerInBackground('stop', '--time', '140', ...webs.map(({ id }) => id));
      });
      expectCreated(answer);
      const begun = performance.now();
      await stopped;
      const ends = trial.containersOf('web').map(({ exitCode }) => exitCode);
      if (ends.some((code) => code !== 0)) throw new Error(`they ended with ${ends}`);
      report.atMost('  seconds from its receipt to the end of both', (performance.now() - begun) / 1000, 15, 's');
    },
  );
  await report.step('docker stop of the workers: each ends by itself', async () => {
    const workers = trial.containersOf('worker');
    await dockerInBackground('stop', '--time', '15', ...workers.map(({ id }) => id));
    const ends = trial.containersOf('worker').map(({ exitCode }) => exitCode);
    if (ends.some((code) => code !== 0)) throw new Error(`they ended with ${ends}`);
  });
}

/** While it waits, requests go on. */
async function dockerInBackground(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('docker', args)).stdout;
}

process.exitCode = await main();
