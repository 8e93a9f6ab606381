import pino, { type DestinationStream, type Logger } from 'pino';
import SonicBoom from 'sonic-boom';
import { inSources } from '#lib/source-frames.ts';

type Described = { type: string; message: string; code?: string; stack?: string; cause?: Described };

const secretKeys = [
  'password',
  'passwordHash',
  'token',
  'secret',
  'authorization',
  'cookie',
  'Authorization',
  'Cookie',
];

/** Lines that wait for a reader, who may be slow or gone for good. What comes beyond is lost. */
const mostWaitingBytes = 8 * 2 ** 20;
/** At the end, of 100 ms each. */
const triesAtTheEnd = 20;

/** One JSON line per event, for people who run an installation. Whatever is handed to it, no secret comes out. */
export function createLogger(destination: DestinationStream): Logger {
  const options = {
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    serializers: { err: describeError },
    hooks: { streamWrite: withoutSecrets },
  };
  return pino(options, destination);
}

// On globalThis, because each of Next's bundles has its own copy of this module: whoever sets the level sets it for all.
const shared = globalThis as typeof globalThis & { rostrumLog?: Logger };
shared.rostrumLog ??= createLogger(standardOutput());

export const log: Logger = shared.rostrumLog;

/**
 * An error and its causes, without the values that a failed query carried: those are files, hashes and addresses. A database's
 * `detail` quotes values too and is left out.
 */
export function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    type: error.name,
    message: (error.message.split('\nparams: ')[0] ?? '').slice(0, 2000),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: inSources(frames.slice(0, 20)).join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** SQLSTATE and Node's codes along the causes of an error, and the message of each that has none. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let cause: Described | undefined = describeError(error); cause !== undefined; cause = cause.cause) {
    codes.push(cause.code ?? cause.message);
  }
  return codes;
}

/**
 * Written beside the work, and what is left as the process ends: pino's own way there tries for ever where the reader, whose end of the
 * pipe closes with it, has ended before. A line that is being written at that moment may come after what is left: each has its time.
 */
function standardOutput(): DestinationStream {
  let triesLeft = Number.POSITIVE_INFINITY;
  let isRead = true;
  const output = new SonicBoom({
    ...{ fd: 1, sync: false, maxLength: mostWaitingBytes },
    retryEAGAIN: () => triesLeft-- > 0,
  });
  // A full disk may have room later, and what waits is written then; a reader that has ended does not come back.
  output.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') isRead = false;
  });
  process.on('exit', () => {
    triesLeft = triesAtTheEnd;
    try {
      if (isRead) output.flushSync();
    } catch {
      // There is nobody to tell.
    }
  });
  return { write: (line) => void (isRead && output.write(line)) };
}

/** The last net, over the line as written: passwords inside addresses, bearer and one-use tokens inside paths. */
function withoutSecrets(line: string): string {
  return line
    .replaceAll(/:\/\/([^/\s:@"]*):[^/\s@"]+@/g, '://$1:[redacted]@')
    .replaceAll(/\b(Bearer|Basic) [\w.~+/=-]+/g, '$1 [redacted]')
    .replaceAll(/([?&](?:token|code|key)=)[^&\s"]+/g, '$1[redacted]');
}
