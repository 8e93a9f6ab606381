import { forEachLine, isBlank, type Reading, skipBlanks } from './records.ts';

/** Kaldi `text`: `id words…`; an id alone is an empty text. */
export function readKaldi(reading: Reading): void {
  const { text, visit } = reading;
  forEachLine(reading, (start, end) => {
    let idEnd = start;
    while (idEnd < end && !isBlank(text.charCodeAt(idEnd))) idEnd += 1;
    const valueAt = skipBlanks(text, idEnd, end);
    visit({ id: text.slice(start, idEnd), isPath: false, value: text.slice(valueAt, end), idAt: start, valueAt });
  });
}

/** NIST trn: `words… (id)`; lines that begin with `;;` are comments. */
export function readTrn(reading: Reading): void {
  const { text, report, visit } = reading;
  forEachLine(reading, (start, end) => {
    if (text.startsWith(';;', start)) return;
    const line = text.slice(start, end).trimEnd();
    const open = line.lastIndexOf('(');
    if (open === -1 || !line.endsWith(')')) {
      report.add('trn-id-missing', start + line.length);
      return;
    }
    const id = line.slice(open + 1, -1).trim();
    visit({ id, isPath: false, value: line.slice(0, open), idAt: start + open + 1, valueAt: start });
  });
}
