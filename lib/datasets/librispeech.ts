import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { idAndRest } from '#lib/datasets/kaldi.ts';
import { type Row, readRows } from '#lib/datasets/rows.ts';
import { forEachLine } from '#lib/predictions/records.ts';
import type { Report } from '#lib/predictions/report.ts';

const names = { id: 'id', audio: 'id', text: 'text', split: 'split', duration: 'duration', offset: 'offset' };

/** How the transcripts of a chapter are called. */
export const transcriptSuffix = '.trans.txt';

/**
 * A chapter's transcripts as LibriSpeech has them: `speaker-chapter-number TEXT`, the recordings beside it under these names. The
 * speaker is the id's first number.
 */
export function readLibriSpeech(text: string, options: ManifestOptions, report: Report): Utterance[] {
  const rows: Row[] = [];
  forEachLine({ text, report }, (start, end) => {
    const { id, rest } = idAndRest(text, start, end);
    rows.push({
      at: start,
      fields: new Map([
        [names.id, id],
        [names.text, rest],
      ]),
    });
  });
  return readRows(rows, names, { split: options.split }, report).map((utterance) => ({
    ...utterance,
    speaker: /^\d+(?=-)/.exec(utterance.id)?.[0] ?? null,
  }));
}
