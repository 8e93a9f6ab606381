import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '#lib/db/client.ts';
import { readReadiness } from '#lib/db/readiness.ts';

/** With the demo on, a visitor finds a board with results. */
const leastDemoRows = 3;

/** Why this installation cannot serve yet; nothing when it can. */
export async function missingForReadiness(db: Database, root: string, hasDemo: boolean): Promise<string[]> {
  const expected = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql'));
  try {
    const { migrations, workers, demoRows } = await readReadiness(db);
    const pending = expected.filter((name) => !migrations.includes(name));
    return [
      ...(pending.length > 0 ? [`migrations to apply: ${pending.join(', ')}`] : []),
      ...(workers === 0 ? ['no scoring worker has been heard of lately'] : []),
      ...(hasDemo && demoRows < leastDemoRows ? [`the demo has ${demoRows} of ${leastDemoRows} scored rows`] : []),
    ];
  } catch (error) {
    return [`the database does not answer: ${error instanceof Error ? (error.cause ?? error) : error}`];
  }
}
