import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { WebEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';

export type Files = NonNullable<WebEnv['tls']>;
type Pair = { cert: Buffer; key: Buffer };

/** Certificates are renewed days before they end: a minute is nothing. */
const lookEveryMs = 60_000;

export function readPair({ certificateFile, keyFile }: Files): Pair {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}

/**
 * Serves a renewed certificate without a restart: looked for every minute, and at once on SIGHUP. The files are looked at and not
 * watched, because those that are renewed are often links. Connections that are open keep the old one.
 */
export function keepCertificate(server: Server, files: Files): void {
  let seen = stateOf(files);
  const look = () => {
    const state = stateOf(files);
    if (state === seen) return;
    seen = state;
    takeOver(server, files);
  };
  setInterval(look, lookEveryMs).unref();
  process.on('SIGHUP', () => takeOver(server, files));
}

/** The old pair stays where the new one does not fit together: somebody may be half way through copying it. */
export function takeOver(server: Server, files: Files): void {
  try {
    const pair = readPair(files);
    createSecureContext(pair);
    server.setSecureContext(pair);
    log.info({ validTo: new X509Certificate(pair.cert).validTo }, 'certificate taken over');
  } catch (error) {
    log.error({ err: error, ...files }, 'the renewed certificate cannot be used: the old one is still served');
  }
}

/** Of both files, as far as it changes with them; links are followed. */
function stateOf({ certificateFile, keyFile }: Files): string {
  return [certificateFile, keyFile]
    .map((path) => {
      const { mtimeMs = 0, ino = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return `${mtimeMs} ${ino} ${size}`;
    })
    .join();
}
