import { type Member, scanJsonLine, stringAt } from './json-line.ts';
import { forEachLine, pathField, type Reading } from './records.ts';
import { codePointName, isControlCharacter } from './text.ts';

/** JSON Lines: an object a line. Returns false for one big array, which is not read as lines at all. */
export function readJsonLines(reading: Reading): boolean {
  const { text, report } = reading;
  const first = text.search(/\S/);
  if (text[first] === '[') {
    report.add('json-array', first);
    return false;
  }
  forEachLine(reading, (start, end) => {
    const line = scanJsonLine(text, start, end);
    if (line.status === 'object') visitObject(line.members, start, reading);
    else report.add(line.status === 'broken' ? 'json-invalid' : 'json-not-object', line.at);
  });
  return true;
}

function visitObject(members: readonly Member[], start: number, reading: Reading): void {
  const { fields, report, visit } = reading;
  const id = memberNamed(fields.id, members);
  const value = memberNamed(fields.value, members);
  const idText = textOf(id, fields.id[0]!, start, reading, true);
  const isRequired = fields.isValueRequired;
  const list = fields.others && value && listOf(value, reading);
  const valueText =
    list?.[0] ?? (value || isRequired ? textOf(value, fields.value.at(-1)!, start, reading, !isRequired) : '');
  if (id === undefined || idText === null) return;
  const isPath = id.key === pathField;
  const others = (list ?? []).slice(1).map((text) => ({ value: text, at: value!.from }));
  for (const member of members) {
    if (!fields.others?.test(member.key)) continue;
    const text = textOf(member, member.key, start, reading, false);
    if (text !== null) others.push({ value: text, at: member.from });
  }
  visit({ id: idText.trim(), isPath, value: valueText, idAt: id.from, valueAt: value?.from ?? start, others });
  for (const { value, at } of others) reportEscaped(value, at, report);
  if ((value?.hasEscapes || list) && valueText !== null) reportEscaped(valueText, value.from, report);
}

/** The last of several members with one name counts, as in JSON.parse. */
function memberNamed(names: readonly string[], members: readonly Member[]): Member | undefined {
  for (const name of names) {
    const found = members.findLast(({ key }) => key === name);
    if (found) return found;
  }
  return undefined;
}

/** The strings of a list, at least one; undefined where the value is something else. */
function listOf({ kind, from, to }: Member, { text }: Reading): readonly string[] | undefined {
  if (kind !== 'other' || text[from] !== '[') return undefined;
  const list: unknown = JSON.parse(text.slice(from, to)); // sound, as the scanner found
  const isOfStrings = Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string');
  return isOfStrings ? list : undefined;
}

function textOf(
  member: Member | undefined,
  name: string,
  start: number,
  { text, report }: Reading,
  mayBeNumber: boolean,
): string | null {
  if (!member) report.add('json-field-missing', start, { field: name });
  else if (member.kind === 'string') return stringAt(text, member.from, member.to, member.hasEscapes);
  else if (member.kind === 'number' && mayBeNumber) return text.slice(member.from, member.to);
  else report.add('json-field-type', member.from, { field: member.key });
  return null;
}

/** Escapes can spell what may not stand in the file as such: control characters and halves of surrogate pairs. */
function reportEscaped(value: string, at: number, report: Reading['report']): void {
  for (const character of value) {
    const code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) report.add('lone-surrogate', at, { character: codePointName(code) });
    else if (isControlCharacter(code)) report.add('control-character', at, { character: codePointName(code) });
  }
}
