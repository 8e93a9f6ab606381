import { readDelimited } from './delimited.ts';
import { csvDelimiter, detectFormat } from './detect.ts';
import { readJsonLines } from './jsonl.ts';
import { readKaldi, readTrn } from './lines.ts';
import type { FileRecord, Format, Reading } from './records.ts';
import type { Report } from './report.ts';

export type RecordsRead = {
  readonly format: Format;
  /** False where the file's outer shape is wrong, so that nothing can be said of its records. */
  readonly isReadable: boolean;
};

/** Reads every record of a text in the given format, or in the one it looks like. */
export function readRecords(
  reading: Reading,
  wanted: Format | undefined,
  isExpected: (id: string) => boolean,
): RecordsRead {
  const format = wanted ?? detectFormat(reading.text, reading.fields, isExpected);
  return { format, isReadable: readAs(format, reading) };
}

function readAs(format: Format, reading: Reading): boolean {
  switch (format) {
    case 'csv':
      return readDelimited(reading, csvDelimiter(reading.text, reading.fields));
    case 'tsv':
      return readDelimited(reading, '\t');
    case 'jsonl':
      return readJsonLines(reading);
    case 'kaldi':
      readKaldi(reading);
      return true;
    case 'trn':
      readTrn(reading);
      return true;
  }
}

/** Reports an empty id. The id is then nobody's, and not unknown as well. */
export function hasId(record: FileRecord, report: Report): boolean {
  if (record.id !== '') return true;
  report.add('id-empty', record.idAt);
  return false;
}
