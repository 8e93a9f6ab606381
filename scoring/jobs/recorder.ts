import { setTimeout as sleep } from 'node:timers/promises';
import type { Scored } from '#lib/db/score-records.ts';

/*
 * Results of a competition are written together, each time with one new board: the first at once, and what comes within a pause after
 * that at its end. Drawing a board costs as much as scoring several files, and viewers are told of it once a second at most.
 */

export type Recorder = {
  /** Resolves when the result is committed or refused, to whether it was written. */
  record(scored: Scored): Promise<boolean>;
  /** Resolves when so few results wait that another file may be scored. */
  room(): Promise<void>;
  /** Writes what waits, and from now on without a pause. */
  hurry(): void;
  settled(): Promise<void>;
};

export type RecorderLimits = { pauseMs: number; mostWaiting: number };

/** Results of one competition to be written together; says of each whether it was. */
export type WriteScores = (competitionId: string, scored: readonly Scored[]) => Promise<boolean[]>;

type Waiting = { scored: Scored; resolve(isWritten: boolean): void; reject(error: unknown): void };

export function createRecorder(write: WriteScores, { pauseMs, mostWaiting }: RecorderLimits): Recorder {
  const lines = new Map<string, Waiting[]>();
  const pending = new Set<Promise<unknown>>();
  let pauses = new AbortController();
  let isHurrying = false;

  const isFull = () => pending.size >= mostWaiting;
  const endPauses = () => {
    pauses.abort();
    if (!isHurrying) pauses = new AbortController();
  };
  const pause = async () => {
    if (!isFull()) await sleep(pauseMs, undefined, { signal: pauses.signal }).catch(() => {});
  };
  /** As long as something waits; a pause that is over with nothing new ends it. */
  const writeLine = async (competitionId: string, line: Waiting[]) => {
    while (line.length > 0) {
      await writeTogether(write, competitionId, line.splice(0));
      await pause();
    }
    lines.delete(competitionId);
  };
  const join = (competitionId: string, waiting: Waiting) => {
    const line = lines.get(competitionId);
    if (line !== undefined) line.push(waiting);
    else {
      const begun = [waiting];
      lines.set(competitionId, begun);
      void writeLine(competitionId, begun);
    }
  };

  return {
    record(scored) {
      const result = new Promise<boolean>((resolve, reject) => {
        join(scored.claim.competitionId, { scored, resolve, reject });
      });
      const over = result.catch(() => {}).finally(() => pending.delete(over));
      pending.add(over);
      if (isFull()) endPauses();
      return result;
    },
    async room() {
      while (isFull()) await Promise.race(pending);
    },
    hurry() {
      isHurrying = true;
      endPauses();
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}

/** What cannot be written takes nothing else along: then each is written by itself. */
async function writeTogether(write: WriteScores, competitionId: string, line: readonly Waiting[]): Promise<void> {
  try {
    const written = await write(
      competitionId,
      line.map(({ scored }) => scored),
    );
    for (const [i, { resolve }] of line.entries()) resolve(written[i]!);
  } catch (error) {
    if (line.length > 1) await Promise.all(line.map((each) => writeTogether(write, competitionId, [each])));
    else line[0]!.reject(error);
  }
}
