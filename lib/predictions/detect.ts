import { columnName, type Delimiter, isFieldName } from './delimited.ts';
import type { Fields, Format } from './records.ts';

/** The format a text looks like; `isExpected` tells ids that could stand in it. Lines of an id and words are Kaldi's. */
export function detectFormat(text: string, fields: Fields, isExpected: (id: string) => boolean): Format {
  const lines = firstLines(text);
  const first = lines[0] ?? '';
  const isKnown = isExpected(firstWord(first));
  if (!isKnown && lines.every((line) => /\([^()\s]+\)$/.test(line))) return 'trn';
  if (/^[[{]/.test(first)) return 'jsonl';
  const delimiter = headerDelimiter(first, fields);
  if (delimiter) return delimiter === '\t' ? 'tsv' : 'csv';
  // Without a header, ids that are followed by a delimiter at once give the format away.
  const isParted = lines.every((line) => /^[^\s,;]+[,;]|^"[^"]*"[,;]/.test(line));
  return isParted && !isKnown ? 'csv' : 'kaldi';
}

/** What parts the header of a CSV file: the delimiter under which it names a known column, else the more frequent one. */
export function csvDelimiter(text: string, fields: Fields): Delimiter {
  const first = startOf(firstLines(text)[0] ?? '');
  const named = headerDelimiter(first, fields);
  if (named === ',' || named === ';') return named;
  return first.split(';').length > first.split(',').length ? ';' : ',';
}

function headerDelimiter(line: string, fields: Fields): Delimiter | undefined {
  const delimiters: Delimiter[] = [',', ';', '\t'];
  return delimiters.find((delimiter) => {
    const names = startOf(line)
      .split(delimiter)
      .map((name) => columnName(name.trim().replace(/^"(.*)"$/, '$1')));
    const isWhole = names.length > 1 || !fields.isValueRequired;
    return isWhole && names.some((name) => isFieldName(name, fields));
  });
}

/** A line of 64 MiB of delimiters would be parted into a gigabyte of empty names. */
function startOf(line: string): string {
  return line.slice(0, 65_536);
}

function firstWord(line: string): string {
  return /^\S*/.exec(line)![0];
}

/** A few lines that are not blank, without their ends' blanks; enough to tell formats apart, however long the lines are. */
function firstLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length && lines.length < 20; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    if (line !== '' && !line.startsWith(';;')) lines.push(line);
    start = end + 1;
  }
  return lines;
}
