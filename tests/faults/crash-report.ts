import { createRandom } from '#scoring/statistics/random.ts';
import { startTestCluster } from '../cluster.ts';
import { type Invariant, invariants } from '../invariants.ts';
import type { Report } from '../report.ts';
import { crashMarathon, drawKinds, type Round } from './crashes.ts';
import { crashUnder } from './forgetful.ts';
import { fillDisk } from './full-disk.ts';

/** What one round came to, as it comes. */
function lineOf({ fault, atSeconds, account, acceptsAfter, scoredAfter, violations }: Round): string {
  const { acknowledged, outOfAttempts, broken, diskFull } = account;
  const faults = violations.map(({ invariant, problem }) => `\n    ${invariant}: ${problem}`).join('');
  return (
    `  ${fault.padEnd(9)} at ${atSeconds.toFixed(2)} s: ${acknowledged.length} receipts, ${outOfAttempts} without an attempt left, ` +
    `${broken + diskFull} tried again; accepts after ${acceptsAfter.toFixed(1)} s, scored after ${scoredAfter.toFixed(1)} s${faults}`
  );
}

/** The marathon with its bounds. */
export async function reportCrashes(report: Report, kills: number, seed: number): Promise<void> {
  console.log(`${kills} kills, seed ${seed}`);
  const begun = performance.now();
  const faults = [...drawKinds(kills, createRandom(seed)), 'restart' as const];
  const rounds = await crashMarathon(faults, { seed, tell: (round) => console.log(lineOf(round)) });
  console.log(`  ${((performance.now() - begun) / 60_000).toFixed(1)} min`);
  reportRounds(report, rounds);
}

function reportRounds(report: Report, rounds: readonly Round[]): void {
  const total = (of: (round: Round) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  const longest = (of: (round: Round) => number) => Math.max(...rounds.map(of));
  const accounts = (of: (account: Round['account']) => number) => total((round) => of(round.account));
  console.log(
    `  ${accounts((each) => each.acknowledged.length)} receipts, ${accounts((each) => each.outOfAttempts)} files without an ` +
      `attempt left, ${accounts((each) => each.broken)} answers that never came and were asked for again`,
  );
  for (const [invariant, sentence] of Object.entries(invariants) as [Invariant, string][]) {
    const broken = total(({ violations }) => violations.filter((each) => each.invariant === invariant).length);
    report.atMost(`${invariant}: ${sentence}`, broken, 0, 'times not');
  }
  report.atMost(
    'teams with more or fewer files than attempts',
    total(({ oddTeams }) => oddTeams),
    0,
    'teams',
  );
  report.atMost(
    'files of which nobody knows what became',
    accounts((each) => each.unanswered.length),
    0,
    'files',
  );
  for (const { fault, account } of rounds) for (const answer of account.wrong) console.log(`  ${fault}: ${answer}`);
  report.atMost(
    'answers that no client can do anything about',
    accounts((each) => each.wrong.length),
    0,
    'answers',
  );
  report.atMost(
    'web and database accept again after',
    longest(({ acceptsAfter }) => acceptsAfter),
    10,
    's',
  );
  report.atMost(
    'what was received before is scored after',
    longest(({ scoredAfter }) => scoredAfter),
    30,
    's',
  );
}

/** What the checker is worth: it has to find what a server loses that answers before it has written. */
export async function reportControl(report: Report): Promise<void> {
  const server = await startTestCluster('durable');
  try {
    for (const commit of ['on', 'off'] as const) {
      const { acknowledged, violations } = await crashUnder(server, commit);
      const name = `synchronous_commit=${commit}, every process of the server killed: lost of ${acknowledged} acknowledged`;
      if (commit === 'on') report.atMost(name, violations.length, 0, 'files');
      else report.atLeast(`(control) ${name}`, violations.length, 1, 'files');
    }
  } finally {
    await server.stop();
  }
}

export async function reportFullDisk(report: Report, seed: number): Promise<void> {
  const round = await fillDisk(seed);
  if (round === null) return console.log('  skipped: only root can mount a disk to fill');
  console.log(lineOf(round));
  report.atLeast('answers that the disk is full, or that the database is away', refusalsOf(round), 1, 'answers');
  reportRounds(report, [round]);
}

const refusalsOf = ({ account }: Round) => account.diskFull + account.broken;
