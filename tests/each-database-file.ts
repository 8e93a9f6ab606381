import { afterAll } from 'vitest';
import { log } from '#lib/log.ts';
import { dropDatabases } from './db.ts';

/*
 * Before each file of database tests: files share the modules of their worker, and so what one has set would hold in the next.
 */

log.level = 'info';
afterAll(dropDatabases);
