import type { Split } from '#lib/competition.ts';
import { isSplit, type ManifestOptions, type Utterance } from '#lib/datasets/dataset.ts';
import { maxWordings, otherWordings, wordingsOf } from '#lib/predictions/alternatives.ts';
import { type Report, shown } from '#lib/predictions/report.ts';
import { codePointName } from '#lib/predictions/text.ts';
import type { Problem, ProblemCode } from '#lib/problems.ts';

/** A manifest's line after its syntax: named fields, and where it and they begin in the text. */
export type Row = { at: number; fields: ReadonlyMap<string, Field> };
export type Field = { value: string; at: number };

/** What a format calls the fields that are not slices. */
export type FieldNames = { id: string; audio: string; text: string; split: string; duration: string; offset: string };

/** Names of speakers and groups may be hashes. */
const manifestLimits = { textCharacters: 20_000, sliceKeys: 32, sliceCharacters: 100, keyCharacters: 200 };

/** Unique within a competition, a word in every predictions format and a relative path in every archive. */
const idShape = /^(?=.{1,200}$)[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.@+=~-]*(?:\/[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.@+=~-]*)*$/u;
/** What escapes in JSON can bring in, and what turns the text around it: neither is spoken, nor fit for a database. */
const unspeakable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** The rules shared by all manifests of named fields: ids, splits, durations, texts, slices. What breaks them is reported. */
export function readRows(
  rows: readonly Row[],
  names: FieldNames,
  options: ManifestOptions,
  report: Report,
): Utterance[] {
  const utterances: Utterance[] = [];
  const firstOfId = new Map<string, number>();
  for (const row of rows) {
    const utterance = readRow(new RowReader(row, report), names, options);
    if (utterance === null) continue;
    const first = firstOfId.get(utterance.id) ?? row.at;
    firstOfId.set(utterance.id, first);
    if (first !== row.at) {
      const id = shown(utterance.id);
      report.add('id-duplicate', row.at, (placeOf) => ({ id, first: placeOf(first).line }));
    }
    utterances.push(utterance);
  }
  checkWhole(utterances, report);
  return utterances;
}

class RowReader {
  private readonly row: Row;
  private readonly report: Report;

  constructor(row: Row, report: Report) {
    this.row = row;
    this.report = report;
  }

  get at(): number {
    return this.row.at;
  }

  get fields(): Row['fields'] {
    return this.row.fields;
  }

  value(name: string): string {
    return this.fields.get(name)?.value.trim() ?? '';
  }

  placeOf(field: string): number {
    return this.fields.get(field)?.at ?? this.row.at;
  }

  refuse(code: ProblemCode, field: string, values: Problem['values'] = {}): void {
    this.refuseAt(this.placeOf(field), code, values);
  }

  refuseAt(at: number, code: ProblemCode, values: Problem['values']): void {
    this.report.add(code, at, values);
  }

  warnOfEmptyText(field: string): void {
    this.report.warn('warning-dataset-text-empty', this.placeOf(field));
  }
}

function readRow(reader: RowReader, names: FieldNames, options: ManifestOptions): Utterance | null {
  const audio = reader.value(names.audio);
  if (audio === '') {
    reader.refuse('dataset-audio-empty', names.audio, { field: names.audio });
    return null;
  }
  if (unspeakable.test(audio)) {
    refuseUnspeakable(reader, names.audio, audio);
    return null;
  }
  const offsetSeconds = readSeconds(reader, names.offset);
  const id = reader.value(names.id) || idOfPath(audio) + (offsetSeconds ? `@${offsetSeconds}` : '');
  if (!idShape.test(id)) {
    reader.refuse('dataset-id-shape', reader.value(names.id) ? names.id : names.audio, { id: shown(id) });
  }
  const [text, ...alternatives] = readWordings(reader, names.text);
  return {
    at: reader.at,
    id,
    audio,
    offsetSeconds,
    durationSeconds: readSeconds(reader, names.duration),
    text,
    alternatives,
    originalText: null,
    split: options.split ?? readSplit(reader, names.split),
    speaker: readKey(reader, options.speakerKey),
    group: readKey(reader, options.groupKey),
    slices: readSlices(reader, names, options),
  };
}

/** `audio/eval/0001.wav` is utterance `audio/eval/0001`; leading dots and slashes are nobody's name. */
function idOfPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '');
}

function readSeconds(reader: RowReader, name: string): number | null {
  const value = reader.value(name);
  if (value === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400) return seconds;
  reader.refuse('seconds-invalid', name, { value: shown(value) });
  return null;
}

/** What was said and other wordings of it: in braces, and in fields `text_2`, `text_3` … beside it. */
function readWordings(reader: RowReader, name: string): readonly [string, ...string[]] {
  if (!reader.fields.has(name)) reader.refuse('dataset-text-missing', name, { field: name });
  const others = [...reader.fields.keys()].filter((key) => otherWordings.test(key));
  const cells = [name, ...others].map((key) => ({ value: readText(reader, key), at: reader.placeOf(key) }));
  if (reader.fields.has(name) && cells.every(({ value }) => value === '')) reader.warnOfEmptyText(name);
  return wordingsOf(cells, '', (at) => reader.refuseAt(at, 'alternatives-too-many', { limit: maxWordings }));
}

function readText(reader: RowReader, name: string): string {
  const text = reader.value(name).normalize('NFC');
  refuseUnspeakable(reader, name, text);
  const limit = manifestLimits.textCharacters;
  if (text.length > limit) reader.refuse('dataset-text-long', name, { limit });
  return text;
}

function refuseUnspeakable(reader: RowReader, name: string, text: string): void {
  const found = unspeakable.exec(text);
  if (found) reader.refuse('control-character', name, { character: codePointName(found[0].codePointAt(0)!) });
}

function readSplit(reader: RowReader, name: string): Split | null {
  const value = reader.value(name).toLowerCase();
  if (value === '') return null;
  if (isSplit(value)) return value;
  reader.refuse('dataset-split-unknown', name, { split: shown(value) });
  return null;
}

function readKey(reader: RowReader, key: string | undefined): string | null {
  if (key === undefined) return null;
  const value = reader.value(key);
  if (value === '') reader.refuse('dataset-key-missing', key, { key: shown(key) });
  const limit = manifestLimits.keyCharacters;
  if (value.length > limit) reader.refuse('dataset-slice-long', key, { key: shown(key), limit });
  refuseUnspeakable(reader, key, value);
  return value === '' ? null : value;
}

function readSlices(reader: RowReader, names: FieldNames, options: ManifestOptions): Record<string, string> {
  const taken = new Set<string | undefined>([...Object.values(names), options.speakerKey, options.groupKey]);
  const limit = manifestLimits.sliceCharacters;
  const slices: [string, string][] = [];
  for (const [key, field] of reader.fields) {
    const value = field.value.trim();
    if (taken.has(key) || otherWordings.test(key) || value === '') continue;
    if (Math.max(value.length, key.length) > limit)
      reader.refuse('dataset-slice-long', key, { key: shown(key), limit });
    refuseUnspeakable(reader, key, key + value);
    slices.push([key, value]);
  }
  return Object.fromEntries(slices);
}

function checkWhole(utterances: readonly Utterance[], report: Report): void {
  const withoutSplit = utterances.filter((utterance) => utterance.split === null);
  if (withoutSplit.length > 0 && withoutSplit.length < utterances.length) {
    report.add('dataset-split-partly', withoutSplit[0]!.at, { count: withoutSplit.length });
  }
  const keys = new Set(utterances.flatMap((utterance) => Object.keys(utterance.slices)));
  const limit = manifestLimits.sliceKeys;
  if (keys.size > limit) report.add('dataset-slice-keys', 'file', { count: keys.size, limit });
}
