import { localLimits } from '#lib/predictions/limits.ts';
import { hasId, readRecords } from '#lib/predictions/read.ts';
import type { Fields } from '#lib/predictions/records.ts';
import { createReport, type ProblemReport, shown } from '#lib/predictions/report.ts';
import { decodeText } from '#lib/predictions/text.ts';
import type { References } from '#scoring/corpus.ts';
import { numberUnits } from '#scoring/statistics/units.ts';

const unitFields: Fields = {
  id: ['id', 'audio_filepath'],
  value: ['unit', 'speaker'],
  isValueRequired: true,
};

export type ReadUnits = { readonly ok: true; readonly unitOf: Int32Array } | ({ readonly ok: false } & ProblemReport);

/**
 * The unit of every utterance, numbered from 0 on, from a table of ids and units in any format that predictions may have. It may
 * name more utterances than there are, as a manifest does; one whose unit is empty is a unit of its own. Never throws.
 */
export function readUnits(bytes: Uint8Array, references: References): ReadUnits {
  const report = createReport();
  const text = decodeText(bytes, localLimits, report) ?? '';
  const units = new Map<string, { unit: string; at: number }>();
  const visit = (record: Parameters<typeof hasId>[0]) => {
    if (!hasId(record, report)) return;
    const id = record.id.normalize('NFC');
    const first = units.get(id);
    if (first === undefined) units.set(id, { unit: record.value?.trim() ?? '', at: record.idAt });
    else report.add('id-duplicate', record.idAt, (placeOf) => ({ id: shown(id), first: placeOf(first.at).line }));
  };
  const { isReadable } = readRecords({ text, fields: unitFields, report, visit }, undefined, () => false);
  const names = Array.from({ length: references.length }, (_, i) => {
    const id = references.idOf(i);
    const known = units.get(id);
    if (known === undefined && isReadable) report.add('unit-missing', 'file', { id: shown(id) });
    // White space is in no unit's name, so that no other is called the same.
    return known?.unit || `${id} `;
  });
  const found = report.finish(text);
  return found.total > 0 ? { ok: false, ...found } : { ok: true, unitOf: numberUnits(names) };
}
