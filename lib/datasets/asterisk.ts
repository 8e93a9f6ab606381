import type { ManifestOptions, Utterance } from '#lib/datasets/dataset.ts';
import { type Row, readRows } from '#lib/datasets/rows.ts';
import { spellRussianNumbers } from '#lib/datasets/russian-numbers.ts';
import { forEachLine } from '#lib/predictions/records.ts';
import type { Report } from '#lib/predictions/report.ts';
import type { WarningCode } from '#lib/problems.ts';

const names = { id: 'name', audio: 'name', text: 'text', split: 'split', duration: 'duration', offset: 'offset' };

/**
 * Telephone prompts, `name: text` by line, comments after `;`. The recording is `name` with an extension. Prompts whose spoken
 * words the text does not give are left out with a warning: tones and silence (`[beep]`, `<…>`, `(…)`), letters of another
 * alphabet (spoken how?), digits where we have no rule. Russian digits are written out, the original kept beside.
 */
export function readAsterisk(text: string, options: ManifestOptions, report: Report): Utterance[] {
  const isRussian = /\p{Script=Cyrillic}/u.test(text);
  const rows: Row[] = [];
  const originals = new Map<number, string>();
  forEachLine({ text, report }, (start, end) => {
    if (text[start] === ';') return;
    const prompt = /^([^:\s]+):\s*(.*)$/.exec(text.slice(start, end).trimEnd());
    if (prompt === null) {
      report.add('dataset-prompt-syntax', start);
      return;
    }
    const [name, original] = [prompt[1]!, prompt[2]!];
    const spoken = withoutName(original, name);
    const reason = reasonToSkip(spoken, isRussian);
    if (reason !== null) {
      report.warn(reason, start);
      return;
    }
    if (/\d/.test(spoken)) report.warn('warning-dataset-prompt-digits-spelled', start);
    originals.set(start, original);
    rows.push({ at: start, fields: fieldsOf(name, isRussian ? spellRussianNumbers(spoken) : spoken, start) });
  });
  return readRows(rows, names, options, report).map((utterance) => {
    const original = originals.get(utterance.at)!;
    return { ...utterance, originalText: original === utterance.text ? null : original };
  });
}

/** Some prompts repeat their name: `conf-adminmenu: conf-adminmenu: Нажмите …`. */
function withoutName(text: string, name: string): string {
  return text.startsWith(`${name}:`) ? text.slice(name.length + 1).trim() : text;
}

function reasonToSkip(text: string, isRussian: boolean): WarningCode | null {
  if (text === '') return 'warning-dataset-prompt-empty';
  if (/[[\]<>()]/.test(text)) return 'warning-dataset-prompt-annotated';
  if (isRussian && /\p{Script=Latin}/u.test(text)) return 'warning-dataset-prompt-letters';
  if (!isRussian && /\d/.test(text)) return 'warning-dataset-prompt-digits';
  return null;
}

function fieldsOf(name: string, text: string, at: number): Row['fields'] {
  return new Map([
    [names.id, { value: name, at }],
    [names.text, { value: text, at: at + name.length + 2 }],
  ]);
}
