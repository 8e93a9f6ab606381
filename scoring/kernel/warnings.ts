import { cyrillic, digit, isNotAWord, upperCase } from '#lib/predictions/inspect.ts';
import { createReport, type PlaceOf, type Warning } from '#lib/predictions/report.ts';
import { reportText, warningValues } from '#lib/predictions.ts';

// What the kernel finds in texts beside the kinds of their characters: as scoring/kernel/assembly/text.ts numbers it.
const mixedScript = 32;
const isForeign = 64;
const isEmpty = 256;
const isOneWord = 512;
const isTold = digit | upperCase | mixedScript | isForeign | isEmpty | isOneWord;

/** Where a text stands in its file, in bytes, and what it says. */
type Texts = { atOf(record: number): number; textOf(record: number): string; placeOf: PlaceOf };

/** The warnings that reading the texts one by one would give, from what the kernel found in each, in the order of the file. */
export function warningsOf(found: Uint16Array, { atOf, textOf, placeOf }: Texts): Warning[] {
  const report = createReport();
  for (let record = 0; record < found.length; record += 1) {
    const kinds = found[record]!;
    if ((kinds & isTold) === 0) continue;
    const at = atOf(record);
    if (kinds & isForeign) {
      reportText(textOf(record), at, null, report);
      continue;
    }
    if (kinds & isEmpty) report.warn('warning-many-empty', at);
    if (kinds & isOneWord && !(kinds & cyrillic) && isNotAWord(textOf(record))) report.warn('warning-not-a-word', at);
    if (kinds & mixedScript) report.warn('warning-mixed-script', at);
    if (kinds & digit) report.warn('warning-digits', at);
    if (kinds & upperCase) report.warn('warning-upper-case', at);
  }
  return report.warnings(placeOf, (code, count) => warningValues(code, count, found.length));
}
