import { startEmbeddedPostgres } from '../../bin/start/postgres.ts';

// A process that holds the embedded PostgreSQL of a folder until it is killed. Says what it got as one line of JSON.
const folder = process.argv[2]!;
const { pid, port, adopted } = await startEmbeddedPostgres({ folder, logFile: `${folder}.log`, password: 'super' });
process.stdout.write(`${JSON.stringify({ pid, port, adopted })}\n`);
setInterval(() => {}, 60_000);
