import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '#lib/db/client.ts';
import { log } from '#lib/log.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { createTestDatabase, startTestCluster } from '../cluster.ts';
import { fillTables } from './fill-tables.ts';
import { keepDatabase } from './kept.ts';
import { aSeason } from './season.ts';

/*
 * `npm run release -- NAME`: what this version leaves in a database, for all later ones to take on. Run once for each release;
 * from then on its migrations cannot be changed (tests/unit/releases.test.ts). `--from URL`: of a season in another database.
 */

log.level = 'silent';
const [name = '', option, given] = process.argv.slice(2);
const file = join(import.meta.dirname, '../fixtures/releases', `${name}.sql`);
if (!/^[0-9a-z][0-9a-z.-]*$/.test(name)) throw new Error('npm run release -- NAME, like 0.2.0');
if (existsSync(file)) throw new Error(`${file} is there already: what was released stays as it was`);
if (option === '--from' && given !== undefined) await write(given);
else {
  const { cluster, stop } = await startTestCluster();
  try {
    const urls = await createTestDatabase(cluster);
    const [owner, web, scorer] = [urls.ownerUrl, urls.webUrl, urls.scorerUrl].map((url) => openDatabase(url));
    await aSeason({ owner: owner!, web: web!, scorer: scorer! });
    for (const each of [owner, web, scorer]) await each!.$client.end();
    await write(urls.ownerUrl);
  } finally {
    await stop();
  }
}

async function write(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  // What no chain holds yet could be changed unseen.
  await client.query(
    "do $$ begin if to_regproc('chain_events') is not null then perform chain_events(); end if; end $$",
  );
  const refused = await fillTables(client);
  await client.end();
  const text = await keepDatabase(ownerUrl, packageFile.version);
  writeFileSync(file, text);
  console.log(`${file}: ${text.length} bytes`);
  for (const problem of refused) console.log(`without rows of our own in ${problem}`);
}
