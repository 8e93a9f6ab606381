import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Row, readRows } from '#lib/datasets/rows.ts';
import { columnName, delimitedRows } from '#lib/predictions/delimited.ts';
import { csvDelimiter } from '#lib/predictions/detect.ts';
import type { Report } from '#lib/predictions/report.ts';

const names = { id: 'id', audio: 'audio', text: 'text', split: 'split', duration: 'duration', offset: 'offset' };
const headerFields = { id: [names.id, names.audio], value: [names.audio, names.text], isValueRequired: true };

/** Whose column names the speakers where none was named: nobody who writes it means a slice. */
const speaker = 'speaker';

/**
 * Rostrum's own manifest: a header with `audio` and `text`, and `id`, `split`, `duration` where they are known. Speakers are the column
 * `speaker`, where every row has one, unless another is named; the rest are slices.
 */
export function readRostrumCsv(text: string, options: ManifestOptions, report: Report): Utterance[] {
  const keys = withColumnNames(options);
  const delimiter = text.slice(0, text.indexOf('\n')).includes('\t') ? '\t' : csvDelimiter(text, headerFields);
  const rows: Row[] = [];
  let columns: string[] | null = null;
  for (const row of delimitedRows({ text, report }, delimiter)) {
    if (columns === null) {
      columns = row.map((field) => columnName(field.value));
      if (!hasColumns(columns, row[0]!.at, keys, report)) return [];
    } else {
      const [found, expected] = [row.length, columns.length];
      if (found !== expected)
        report.add(found < expected ? 'fields-few' : 'fields-many', row[0]!.at, { found, expected });
      else rows.push({ at: row[0]!.at, fields: new Map(row.map((field, i) => [columns![i]!, field])) });
    }
  }
  const isSpoken = rows.length > 0 && rows.every(({ fields }) => fields.get(speaker)?.value.trim());
  return readRows(rows, names, { ...keys, speakerKey: keys.speakerKey ?? (isSpoken ? speaker : undefined) }, report);
}

function withColumnNames({ split, speakerKey, groupKey }: ManifestOptions): ManifestOptions {
  return { split, speakerKey: speakerKey && columnName(speakerKey), groupKey: groupKey && columnName(groupKey) };
}

function hasColumns(columns: readonly string[], at: number, options: ManifestOptions, report: Report): boolean {
  const found = columns.join(', ').slice(0, 200);
  const needed = [names.audio, names.text, options.speakerKey, options.groupKey].filter((name) => name !== undefined);
  const missing = needed.filter((name) => !columns.includes(name));
  for (const column of missing) report.add('column-missing', at, { column, found });
  const doubled = columns.filter((name, i) => columns.indexOf(name) !== i);
  for (const column of new Set(doubled)) report.add('column-twice', at, { column });
  return missing.length + doubled.length === 0;
}
