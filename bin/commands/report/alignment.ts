import type { Translate } from '#lib/messages/translate.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';
import type { AlignedUtterance } from '#scoring/wer/analyse.ts';
import { harmless, padEnd, widthOf } from './width.ts';

/** Where text goes: so many cells a line, with colours only where a terminal shows them. */
export type Layout = { readonly columns: number; readonly colours: boolean };

/** An utterance as it is shown: words, and the steps that align them. */
export type AlignedText = AlignedUtterance & { readonly id: string };

type Sign = 'S' | 'D' | 'I' | '';
type Column = { sign: Sign; reference: string; hypothesis: string; width: number };

const signs: Record<AlignmentStep['kind'], Sign> = { hit: '', substitution: 'S', deletion: 'D', insertion: 'I' };
/** Red, yellow and blue of the terminal's own palette, which its owner chose to be readable. */
const colourCodes: Record<Sign, number> = { S: 31, D: 33, I: 34, '': 39 };
const gap = 2;

/**
 * Reference above hypothesis, word above word, with a line of signs below: S, D, I. Stars stand where a side has no word, as in
 * the reports of sclite. Lines are broken between words so that they fit.
 */
export function alignmentText(utterance: AlignedText, layout: Layout, t: Translate): string {
  const columns = utterance.steps.map((step) => columnOf(step, utterance));
  const labels = [t('cli.alignment-reference'), t('cli.alignment-hypothesis'), t('cli.alignment-errors')];
  const indent = Math.max(...labels.map(widthOf)) + gap;
  const lines = [headOf(utterance, columns, t)];
  for (const part of broken(columns, layout.columns - indent)) {
    const rows = [
      part.map((column) => painted(column.reference, column, layout)),
      part.map((column) => painted(column.hypothesis, column, layout)),
      part.map((column) => painted(column.sign, column, layout)),
    ];
    rows.forEach((cells, i) => {
      lines.push(`${padEnd(labels[i]!, indent)}${cells.join(' '.repeat(gap))}`.trimEnd());
    });
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

function columnOf(step: AlignmentStep, { reference, hypothesis }: AlignedText): Column {
  const said = step.kind === 'insertion' ? null : harmless(reference[step.reference]!);
  const heard = step.kind === 'deletion' ? null : harmless(hypothesis[step.hypothesis]!);
  const width = Math.max(widthOf(said ?? ''), widthOf(heard ?? ''));
  const stars = '*'.repeat(width);
  return { sign: signs[step.kind], reference: said ?? stars, hypothesis: heard ?? stars, width };
}

function headOf({ id, reference }: AlignedText, columns: readonly Column[], t: Translate): string {
  const count = (sign: Sign) => columns.filter((column) => column.sign === sign).length;
  const [substitutions, deletions, insertions] = [count('S'), count('D'), count('I')];
  const errors = substitutions + deletions + insertions;
  const counts = { errors, words: reference.length, substitutions, deletions, insertions };
  return t('cli.alignment-head', { id: harmless(id), ...counts });
}

function broken(columns: readonly Column[], room: number): Column[][] {
  const parts: Column[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    if (used + gap + column.width > room) {
      parts.push([]);
      used = -gap;
    }
    parts.at(-1)!.push(column);
    used += gap + column.width;
  }
  return parts;
}

function painted(text: string, { sign, width }: Column, { colours }: Layout): string {
  const padded = padEnd(text, width);
  return colours && sign !== '' ? `\x1b[${colourCodes[sign]}m${padded}\x1b[39m` : padded;
}
