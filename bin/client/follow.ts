import { setTimeout as sleep } from 'node:timers/promises';
import type { SubmissionAnswer } from '#lib/api/answers.ts';
import type { Session } from './session.ts';
import { liveLine } from './waiting-line.ts';

/** Scoring takes a second or two, a queue longer: asked soon at first, then once in two seconds. */
const waitsMs = [200, 300, 500, 500, 1000, 1000, 1500];
const usualWaitMs = 2000;

/** Waits until a submission is scored, rejected or failed, and tells at a terminal where it stands meanwhile. */
export async function followSubmission({ server, t }: Session, id: string): Promise<SubmissionAnswer> {
  const line = liveLine();
  try {
    for (let asked = 0; ; asked += 1) {
      const submission = await server.json<SubmissionAnswer>(`/submissions/${encodeURIComponent(id)}`);
      const { state, queuePosition } = submission;
      if (isSettled(submission)) return submission;
      line.show(t(`client.state-line-${state as 'queued' | 'scoring'}`, { position: queuePosition ?? 0 }));
      await sleep(waitsMs[asked] ?? usualWaitMs);
    }
  } finally {
    line.end();
  }
}

/** A late file stays queued until the results are revealed: nothing is to be waited for. */
export function isSettled({ state, late, queuePosition }: SubmissionAnswer): boolean {
  return !['queued', 'scoring'].includes(state) || (late && queuePosition === null);
}
