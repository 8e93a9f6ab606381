import { answerTasks } from '#lib/thread.ts';
import { analyseCorpus, unitsOf } from './analysis.ts';
import { compareFiles } from './comparison.ts';
import { countFile, type LabUtterance } from './corpus.ts';
import { pictureOfFile } from './sound-picture.ts';
import { rowsOf, tableOf } from './table.ts';
import type { LabAnswer, LabTask } from './tasks.ts';

/* What runs in the lab's thread (app/c/[slug]/lab/work.ts), bundled as dist/lab-thread.mjs. */

answerTasks<LabTask, LabAnswer>(async (task) => {
  if (task.kind === 'picture') return pictureOfFile(task.path);
  const { utterances, units } = splitOf(task.utterances);
  if (task.kind === 'comparison') {
    const [first, second] = [task.first, task.second].map((file) => countFile(utterances, file, task.rules));
    return compareFiles(await first!, await second!, units);
  }
  const corpus = await countFile(utterances, task.file, task.rules);
  if (task.kind === 'analysis') return analyseCorpus(utterances, corpus, units);
  const rows = rowsOf(utterances, corpus);
  return task.as === 'csv' ? tableOf(rows) : `${JSON.stringify({ utterances: rows })}\n`;
});

type Split = { json: string; utterances: readonly LabUtterance[]; units: Int32Array };

let last: Split | null = null;

/** The last split is kept as it was read: finding texts that are nearly equal takes longer than all the rest. */
function splitOf(json: string): Split {
  if (last?.json === json) return last;
  const utterances = JSON.parse(json) as LabUtterance[];
  last = { json, utterances, units: unitsOf(utterances) };
  return last;
}
