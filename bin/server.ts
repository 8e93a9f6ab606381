import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { dirname } from 'node:path';
import next from 'next';
import { webDatabase } from '#lib/db/web.ts';
import { type WebEnv, webEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { startMailer } from '#lib/mail.ts';
import { keepSwept } from '#lib/objects/leftovers.ts';
import { requireObjects } from '#lib/objects/require.ts';
import { answerBroken, answerExpectation } from './server/api.ts';
import { type Files, keepCertificate, readPair } from './server/certificate.ts';
import { followCompetitions } from './server/competitions.ts';
import { createDrain } from './server/drain.ts';
import { createEventHub } from './server/events.ts';
import { createHandler } from './server/handle.ts';
import { askInside } from './server/inside.ts';

/*
 * The web process: one HTTP server that answers events, health and kept pages itself and hands the rest to Next.
 */

const env = webEnv();
log.level = env.logLevel;
// One up from bin/, and from dist/ as well.
const root = dirname(import.meta.dirname);
const db = webDatabase();
const drain = createDrain();
let isListening = false;
// Whoever started this process is gone, and nobody would ever end it; what it waits for as it starts may be gone as well.
process.on('disconnect', () => (isListening ? void stop('parent gone') : process.exit(1)));
if (process.connected === false) process.exit(1);

await requireObjects(env);
const app = next({ dev: env.development, dir: root, hostname: env.host, port: env.port });
const events = createEventHub();
const [competitions] = await Promise.all([
  followCompetitions(db, env.databaseUrl, { onNews: events.tellNews, onPhase: events.tellPhase }),
  app.prepare(),
]);
const handler = createHandler({
  root,
  site: {
    origin: env.origin,
    basePath: env.basePath,
    isProduction: env.mode === 'production',
    isDevelopment: env.development,
  },
  hasDemo: env.demo,
  trustedProxies: env.trustedProxies,
  securityContacts: env.securityContacts,
  figuresFor: env.figuresFor,
  isStopping: drain.isStopping,
  db,
  competitions,
  events,
  next: app.getRequestHandler(),
});
const server = createServer(env, drain.around(handler));
const stopMailer = startMailer(db, env);
keepSwept(env.home);

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));

// Next keeps a process alive whatever was thrown: one that cannot listen would be there for nobody, for ever.
server.on('error', (error) => {
  // Who cannot be taken in now may come again; those who are in are served.
  if (server.listening) return log.error({ err: error }, 'connection not taken');
  log.fatal({ err: error }, 'web cannot listen');
  process.exit(1);
});
// A whole hall comes back in the same seconds after a restart.
server.listen({ port: env.port, host: env.host, backlog: 4096 }, () => {
  isListening = true;
  log.info({ origin: env.origin }, 'web ready');
  if (!env.development) void askFirst().catch((error: unknown) => log.error({ err: error }, 'Next cannot be asked'));
  process.send?.('ready');
});

/**
 * Next reads its manifests when it is asked for the first time, and keeps them. Somebody who came first while no file could be opened would
 * be told a bare 500 by Next, where our own handlers say what is the matter and when to come again.
 */
async function askFirst(): Promise<void> {
  await askInside(app.getRequestHandler())(`${env.basePath}/api/v1/openapi.json`, {});
  log.info('Next has been asked once');
}

function createServer({ tls }: WebEnv, listener: RequestListener): Server {
  const created = tls === null ? createHttpServer(listener) : serveTls(tls, listener);
  created.on('clientError', answerBroken);
  created.on('checkExpectation', answerExpectation);
  created.headersTimeout = 20_000;
  // An upload may take two minutes; the route counts them.
  created.requestTimeout = 150_000;
  // Longer than the balancers in front keep theirs.
  created.keepAliveTimeout = 65_000;
  return created;
}

function serveTls(files: Files, listener: RequestListener): Server {
  const created = createHttpsServer(readPair(files), listener);
  keepCertificate(created, files);
  return created;
}

/** Ends every event stream and lets answers under way finish, up to a moment. Whoever asks twice does not want to wait. */
async function stop(reason: string): Promise<void> {
  if (drain.isStopping()) process.exit(1);
  log.info({ reason }, 'web stopping');
  const times = { noticeMs: env.drainNoticeSeconds * 1000, limitMs: env.drainSeconds * 1000 };
  await Promise.all([drain.run(server, times, events.close), stopMailer()]);
  process.exit(0);
}
