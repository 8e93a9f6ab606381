import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

// Two files of this size per process: weeks of an event, and nobody's disk.
const maxBytes = 10 * 2 ** 20;

/** It says who did what, and when. */
const ownersAlone = 0o600;

export type LogFile = { path: string; write(chunk: Buffer): void; close(): void };

/** A file to append to. At its full size it becomes `path.1`, in the place of the one before. */
export function openLogFile(path: string): LogFile {
  let file = openSync(path, 'a', ownersAlone);
  let bytes = statSync(path).size;
  return {
    path,
    write(chunk) {
      if (bytes > maxBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', ownersAlone);
        bytes = 0;
      }
      try {
        bytes += writeSync(file, chunk);
      } catch {
        // A full disk costs lines of the log, not the process that is being logged.
      }
    },
    close: () => closeSync(file),
  };
}
