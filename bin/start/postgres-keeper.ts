import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';

const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Waits until nobody holds the pipe on its standard input any more, then stops the server: first as after a day's work, and
 * where that takes too long as in an emergency, from which the next start recovers. A server that is just being started gets
 * two seconds to write its file. $1 is the data directory.
 */
const keeperScript = `
read -r _
exec </dev/null
tries=0
until [ -s "$1/postmaster.pid" ]; do
  [ $tries -ge 20 ] && exit 0
  tries=$((tries + 1)); sleep 0.1
done
read -r pid <"$1/postmaster.pid"
for signal in INT QUIT KILL; do
  kill -$signal "$pid" 2>/dev/null || exit 0
  tries=0
  while [ $tries -lt 30 ]; do
    sleep 0.05; [ -e "$1/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null || exit 0
    tries=$((tries + 1))
  done
done
`;

export type Keeper = {
  /** Lets go. Resolves when the keeper has ended, at once where another process started it. */
  release(): Promise<void>;
};

/**
 * Holds the embedded PostgreSQL of `folder` open for as long as this process lives. The kernel counts who has the named pipe
 * open for writing, also when a process is killed, and tells the keeper when the last one is gone.
 */
export function holdKeeper(folder: string): Keeper {
  const pipe = join(folder, 'keeper');
  if (!existsSync(pipe)) spawnSync('mkfifo', ['-m', '600', pipe]);
  const hold = openIfRead(pipe);
  if (hold !== null) {
    return {
      async release() {
        closeSync(hold);
      },
    };
  }
  return startKeeper(pipe, join(folder, 'data'));
}

/** The writing end of the pipe, or null where no keeper reads it. */
function openIfRead(pipe: string): number | null {
  try {
    return openSync(pipe, O_WRONLY | O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return null;
    throw error;
  }
}

function startKeeper(pipe: string, data: string): Keeper {
  // Opening one end alone would wait for the other.
  const both = openSync(pipe, O_RDWR | O_NONBLOCK);
  const readingEnd = openSync(pipe, O_RDONLY);
  const hold = openSync(pipe, O_WRONLY);
  closeSync(both);
  const keeper = spawn('/bin/sh', ['-c', keeperScript, 'rostrum-keeper', data], {
    cwd: '/',
    detached: true,
    stdio: [readingEnd, 'ignore', 'ignore'],
  });
  closeSync(readingEnd);
  keeper.unref();
  const ended = new Promise<void>((resolve) => keeper.on('close', () => resolve()));
  return {
    release() {
      closeSync(hold);
      return ended;
    },
  };
}
