import type { Database } from '#lib/db/client.ts';
import { isConnectionLost } from '#lib/db/lost-connection.ts';
import { listUnmeasured, readLabelVersions, recordMeasured } from '#lib/db/score-records.ts';
import { getSubmittedFile, type ScoringTask } from '#lib/db/scoring.ts';
import { log } from '#lib/log.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { findTies } from '#scoring/board-ties.ts';
import { keyOfSplit, readSplit } from '#scoring/references.ts';
import type { Scorer } from '#scoring/score-in-thread.ts';

/** So many at a time, one after another: those who wait for a score of their own go first. */
const batch = 20;

/**
 * Counts again, utterance by utterance, the files whose scores were recorded when only totals were kept; what they show stays. A
 * file that cannot be counted is told of once and then left as it is. Looking for them reads every score there is: once nothing was
 * found, it is done again where labels have changed.
 */
export function createMeasurer(db: Database, scorer: Scorer): () => Promise<void> {
  const unscorable = new Set<string>();
  let doneWith: string | null = null;
  return async () => {
    const versions = await readLabelVersions(db);
    if (versions === doneWith) return;
    const tasks = await listUnmeasured(db, batch + unscorable.size);
    const scorable = tasks.filter(({ submissionId }) => !unscorable.has(submissionId));
    if (scorable.length === 0) doneWith = versions;
    for (const task of scorable) {
      try {
        await measure(db, scorer, task);
      } catch (error) {
        // Says nothing of the file.
        if (isConnectionLost(error)) throw error;
        unscorable.add(task.submissionId);
        log.error({ err: error, submissionId: task.submissionId }, 'submission not counted again');
      }
    }
  };
}

async function measure(db: Database, scorer: Scorer, task: ScoringTask): Promise<void> {
  const format = task.format !== null && isFormat(task.format) ? task.format : undefined;
  const sent = await getSubmittedFile(db, task.submissionId);
  const references = () => readSplit(db, task);
  const request = { key: keyOfSplit(task), references, sent, split: task.split, format };
  const outcome = await scorer.score(request, new AbortController().signal);
  if (!outcome.ok) throw new Error(outcome.reason);
  if (outcome.score.split === 'test') await recordMeasured(db, task, outcome.score, findTies);
}
