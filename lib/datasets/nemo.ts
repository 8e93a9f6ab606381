import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Field, type Row, readRows } from '#lib/datasets/rows.ts';
import { type Member, scanJsonLine, stringAt } from '#lib/predictions/json-line.ts';
import { forEachLine } from '#lib/predictions/records.ts';
import type { Report } from '#lib/predictions/report.ts';

const names = {
  id: 'id',
  audio: 'audio_filepath',
  text: 'text',
  split: 'split',
  duration: 'duration',
  offset: 'offset',
};

/** A NeMo or Golos manifest: one JSON object per line with `audio_filepath`, `duration`, `text`; other plain values are slices. */
export function readNemo(text: string, options: ManifestOptions, report: Report): Utterance[] {
  const rows: Row[] = [];
  forEachLine({ text, report }, (start, end) => {
    const line = scanJsonLine(text, start, end);
    if (line.status === 'object') rows.push({ at: start, fields: fieldsOf(line.members, text) });
    else report.add(line.status === 'broken' ? 'json-invalid' : 'json-not-object', line.at);
  });
  return readRows(rows, names, options, report);
}

/** The plain values of an object. Lists, objects and nulls say nothing to us and are left out. */
function fieldsOf(members: readonly Member[], text: string): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const { key, kind, from, to, hasEscapes } of members) {
    const raw = text.slice(from, to);
    if (kind === 'string') fields.set(key, { value: stringAt(text, from, to, hasEscapes), at: from });
    else if (kind === 'number' || raw === 'true' || raw === 'false') fields.set(key, { value: raw, at: from });
  }
  return fields;
}
