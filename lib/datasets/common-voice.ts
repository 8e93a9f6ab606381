import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Field, type Row, readRows } from '#lib/datasets/rows.ts';
import { forEachLine } from '#lib/predictions/records.ts';
import { type Report, shown } from '#lib/predictions/report.ts';

const names = { id: 'id', audio: 'path', text: 'sentence', split: 'split', duration: 'duration', offset: 'offset' };
const speaker = 'client_id';
/** How the corpus keeps house, which says nothing about a recording. */
const housekeeping = new Set(['sentence_id', 'up_votes', 'down_votes']);

/** Where Common Voice keeps its recordings, beside its tables. */
export const clipsFolder = 'clips';

/**
 * A table of Common Voice (`train.tsv`, `validated.tsv`): `path`, `sentence` and more, parted by tabs, never quoted. Speakers are its
 * `client_id` unless another column is named; age, gender, accents and the like are slices.
 */
export function readCommonVoice(text: string, options: ManifestOptions, report: Report): Utterance[] {
  const lines: Field[][] = [];
  forEachLine({ text, report }, (start, end) => lines.push(cellsOf(text, start, end)));
  const [header = [], ...rest] = lines;
  const columns = header.map(({ value }) => value.trim());
  const missing = [names.audio, names.text].filter((column) => !columns.includes(column));
  for (const column of missing) report.add('column-missing', 0, { column, found: shown(columns.join(', ')) });
  if (missing.length > 0) return [];
  const speakers = columns.indexOf(speaker);
  const isSpoken = speakers !== -1 && rest.every((cells) => cells[speakers]?.value);
  const speakerKey = options.speakerKey ?? (isSpoken ? speaker : undefined);
  const known = columns.map((name) =>
    housekeeping.has(name) || (name === speaker && name !== speakerKey) ? null : name,
  );
  const rows = rest.flatMap((cells) => rowOf(cells, known, report) ?? []);
  return readRows(rows, names, { ...options, speakerKey }, report);
}

/** `columns` holds null where a cell is of no use. Empty cells at the end of a line are often left out. */
function rowOf(cells: readonly Field[], columns: readonly (string | null)[], report: Report): Row | null {
  const at = cells[0]!.at;
  if (cells.length > columns.length) {
    report.add('fields-many', at, { found: cells.length, expected: columns.length });
    return null;
  }
  const fields = new Map<string, Field>();
  for (const [i, cell] of cells.entries()) {
    const name = columns[i];
    if (name) fields.set(name, cell);
  }
  return { at, fields };
}

function cellsOf(text: string, start: number, end: number): Field[] {
  const cells: Field[] = [];
  for (let at = start; at <= end; ) {
    const tab = text.indexOf('\t', at);
    const to = tab === -1 || tab > end ? end : tab;
    cells.push({ value: text.slice(at, to), at });
    at = to + 1;
  }
  return cells;
}
