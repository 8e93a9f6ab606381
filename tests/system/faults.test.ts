import { afterAll, expect, test } from 'vitest';
import { crashMarathon } from '../faults/crashes.ts';
import { removeInstallations } from './installation.ts';

// The crash marathon in three kills with twelve clients; `npm run faults` is all of it, with its bounds in seconds and its control. That
// the checker finds what is wrong is said by tests/database/invariants.test.ts.

afterAll(removeInstallations);

test('web, worker and database are killed while teams hand in, and nothing is lost, doubled or left behind', async () => {
  const rounds = await crashMarathon(['database', 'web', 'worker'], { seed: 1, clients: 12 });
  for (const { violations, account, oddTeams } of rounds) {
    expect(violations).toEqual([]);
    const { unanswered, wrong } = account;
    expect({ unanswered, wrong, oddTeams }).toEqual({ unanswered: [], wrong: [], oddTeams: 0 });
    expect(account.acknowledged.length).toBeGreaterThanOrEqual(30);
  }
}, 400_000);
