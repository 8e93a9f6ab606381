import { localLimits } from '#lib/predictions/limits.ts';
import { createReport, type ProblemReport, type Report, shown } from '#lib/predictions/report.ts';
import { decodeText } from '#lib/predictions/text.ts';

/** Spellings that a competition counts as others: words, or runs of words, and what they are read as. */
export type Mapping = readonly { readonly from: string; readonly to: string }[];

export const mappingLimits = { bytes: 2 ** 20, rules: 10_000, sideCharacters: 200 };

export type ParsedMapping = { readonly ok: true; readonly mapping: Mapping } | ({ readonly ok: false } & ProblemReport);

/**
 * A table of spellings in UTF-8, a rule a line: `from,to`, `from<TAB>to` or `from => to`; in the first, quotes as in CSV. `to`
 * may be empty. Lines that begin with `#` are comments, and a first line of `from,to` is a header. Never throws.
 */
export function readMapping(bytes: Uint8Array): ParsedMapping {
  const report = createReport();
  const text = decodeText(bytes, { ...localLimits, fileBytes: mappingLimits.bytes }, report) ?? '';
  const rules: Rule[] = [];
  for (const { line, at } of linesOf(text)) {
    const rule = readRule(line, at, report);
    const isHeader = rules.length === 0 && rule?.from.toLowerCase() === 'from' && rule.to.toLowerCase() === 'to';
    if (rule && !isHeader) rules.push(rule);
  }
  checkRules(rules, report);
  const found = report.finish(text);
  if (found.total > 0) return { ok: false, ...found };
  return { ok: true, mapping: rules.map(({ from, to }) => ({ from, to })) };
}

/** `at` is where the rule begins in the text. */
type Rule = { from: string; to: string; at: number };

/** Lines that say something, without white space around them. */
function* linesOf(text: string): Generator<{ line: string; at: number }> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const whole = text.slice(start, end);
    const line = whole.trim();
    // A tab at the end parts an empty replacement, and is no space around a line.
    if (line !== '' && !line.startsWith('#')) {
      yield { line: whole.trimStart().replace(/\r$/, ''), at: start + whole.length - whole.trimStart().length };
    }
    start = end + 1;
  }
}

function readRule(line: string, at: number, report: Report): Rule | null {
  const sides = sidesOf(line);
  if (sides === null) {
    report.add('mapping-line', at);
    return null;
  }
  const [from, to] = sides.map((side) => side.trim().normalize('NFC')) as [string, string];
  return { from, to, at };
}

function sidesOf(line: string): readonly [string, string] | null {
  for (const mark of ['\t', '=>']) {
    const parts = line.split(mark);
    if (parts.length === 2) return [parts[0]!, parts[1]!];
    if (parts.length > 2) return null;
  }
  const first = readCell(line, 0);
  if (first === null || line[first.end] !== ',') return null;
  const second = readCell(line, first.end + 1);
  return second === null || second.end < line.length ? null : [first.value, second.value];
}

/** A cell of CSV, quoted or plain, and the offset where it ends; null where its quotes are broken. */
function readCell(line: string, start: number): { value: string; end: number } | null {
  const at = start + line.slice(start).search(/\S|$/);
  if (line[at] !== '"') {
    const comma = line.indexOf(',', start);
    const end = comma === -1 ? line.length : comma;
    return { value: line.slice(start, end), end };
  }
  let close = line.indexOf('"', at + 1);
  while (close !== -1 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  if (close === -1) return null;
  const end = close + 1 + line.slice(close + 1).search(/\S|$/);
  return { value: line.slice(at + 1, close).replaceAll('""', '"'), end };
}

function checkRules(rules: readonly Rule[], report: Report): void {
  const { rules: most, sideCharacters: limit } = mappingLimits;
  if (rules.length > most) report.add('mapping-too-many', rules[most]!.at, { count: rules.length, limit: most });
  const firstOf = new Map<string, number>();
  for (const { from, to, at } of rules) {
    const first = firstOf.get(from);
    if (from === '') report.add('mapping-from-empty', at);
    else if (first !== undefined) {
      report.add('mapping-twice', at, (placeOf) => ({ from: shown(from), first: placeOf(first).line }));
    } else firstOf.set(from, at);
    if (Math.max(from.length, to.length) > limit) report.add('mapping-side-long', at, { limit });
  }
}
