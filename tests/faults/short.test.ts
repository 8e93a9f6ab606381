import { afterAll, expect, test } from 'vitest';
import { createRandom } from '#scoring/statistics/random.ts';
import { removeInstallations } from '../system/installation.ts';
import { crashMarathon, drawKinds } from './crashes.ts';

// The crash marathon in ten kills with twelve clients; `npm run faults` is all of it, with its bounds in seconds and its control. That
// the checker finds what is wrong is said by tests/database/invariants.test.ts.

const seed = 1;

afterAll(removeInstallations);

test('web, worker, database and all of them are killed while teams hand in, and nothing is lost, doubled or left behind', async () => {
  const rounds = await crashMarathon(drawKinds(10, createRandom(seed)), { seed, clients: 12 });
  expect(new Set(rounds.map(({ fault }) => fault))).toEqual(new Set(['web', 'worker', 'database', 'all']));
  for (const { violations, account, oddTeams } of rounds) {
    expect(violations).toEqual([]);
    const { unanswered, wrong } = account;
    expect({ unanswered, wrong, oddTeams }).toEqual({ unanswered: [], wrong: [], oddTeams: 0 });
    expect(account.acknowledged.length).toBeGreaterThanOrEqual(30);
  }
}, 600_000);
