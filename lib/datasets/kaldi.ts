import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Field, type Row, readRows } from '#lib/datasets/rows.ts';
import { forEachLine, skipBlanks } from '#lib/predictions/records.ts';
import { type Report, shown } from '#lib/predictions/report.ts';

const names = { id: 'id', audio: 'audio', text: 'text', split: 'split', duration: 'duration', offset: 'offset' };

/** Files of a Kaldi directory: what was said, and where the recordings are. */
export const kaldiFiles = { text: 'text', recordings: 'wav.scp' };

/** The text of a file beside the manifest; null where there is none. */
export type Beside = (name: string) => string | null;

/**
 * A Kaldi data directory, from its `text`: recordings by `wav.scp`, stretches of them by `segments`, durations by `utt2dur`, speakers
 * by `utt2spk`, as far as these are there. What is wrong with them is reported at the utterance. Commands in `wav.scp` are not run.
 */
export function readKaldiDirectory(
  text: string,
  options: ManifestOptions,
  report: Report,
  beside: Beside,
): Utterance[] {
  const table = (name: string) => tableOf(beside(name) ?? '');
  const recordings = table(kaldiFiles.recordings);
  const segments = table('segments');
  const durations = table('utt2dur');
  const rows: Row[] = [];
  forEachLine({ text, report }, (start, end) => {
    const { id, rest } = idAndRest(text, start, end);
    const [recording = id.value, from, to] = segments.get(id.value)?.split(/\s+/) ?? [];
    const path = recordings.get(recording);
    if (path === undefined) report.add('dataset-kaldi-recording', start, { id: shown(recording) });
    else if (path.endsWith('|')) report.add('dataset-kaldi-command', start, { command: shown(path) });
    else {
      const duration = to === undefined || Number(to) < 0 ? durations.get(id.value) : String(Number(to) - Number(from));
      const field = (value: string | undefined): Field => ({ value: value ?? '', at: start });
      const fields: [string, Field][] = [
        [names.id, id],
        [names.text, rest],
        [names.audio, field(path)],
        [names.offset, field(from)],
        [names.duration, field(duration)],
      ];
      rows.push({ at: start, fields: new Map(fields) });
    }
  });
  const speakers = table('utt2spk');
  return readRows(rows, names, { split: options.split }, report).map((utterance) => ({
    ...utterance,
    speaker: speakers.get(utterance.id) ?? null,
  }));
}

/** A line's first word, and what follows it. */
export function idAndRest(text: string, start: number, end: number): { id: Field; rest: Field } {
  const id = /^\S+/.exec(text.slice(start, end))![0];
  const at = skipBlanks(text, start + id.length, end);
  return { id: { value: id, at: start }, rest: { value: text.slice(at, end), at } };
}

function tableOf(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^\s*(\S+)\s+(\S.*?)\s*$/.exec(line));
  return new Map(lines.flatMap((found) => (found === null ? [] : [[found[1]!, found[2]!] as const])));
}
