import type { Translate } from '#lib/messages/translate.ts';
import type { AlignmentStep } from '#scoring/wer/align.ts';
import { type Column, columnsOf } from './columns.ts';
import type { Alignment } from './result.ts';
import { harmless, padEnd, shortened, widthOf } from './width.ts';

/** Where text goes: so many cells a line, with colours only where a terminal shows them. */
export type Layout = { readonly columns: number; readonly colours: boolean };

/** An alignment under the name of its system. */
export type Named = Alignment & { readonly name: string };

type Kind = AlignmentStep['kind'];
/** A column as it is printed: what stands in each row, `width` cells wide. */
type Printed = { readonly rows: readonly { text: string; kind: Kind }[]; readonly width: number };

const signs: Record<Kind, string> = { hit: '', substitution: 'S', deletion: 'D', insertion: 'I' };
/** Red, yellow and blue of the terminal's own palette, which its owner chose to be readable. */
const colourCodes: Record<Kind, number> = { substitution: 31, deletion: 33, insertion: 34, hit: 39 };
const gap = 2;
const widestName = 24;

/**
 * Reference above hypotheses, word above word, each hypothesis with a line of signs below: S, D, I. Stars stand where a side has no
 * word, as in the reports of sclite. Lines are broken between words so that they fit. Several systems stand below one reference;
 * those that were scored against another wording follow below that one.
 */
export function alignmentText(id: string, systems: readonly Named[], layout: Layout, t: Translate): string {
  const wordings = [...new Set(systems.map(({ chosen }) => chosen))];
  return wordings
    .map((wording) => {
      const group = systems.filter(({ chosen }) => chosen === wording);
      return systems.length === 1 ? blockOf(id, group, layout, t, null) : blockOf(id, group, layout, t, widestName);
    })
    .join('');
}

/** `widest` is how much room names may take; null where there is one system, which goes without a name. */
function blockOf(id: string, group: readonly Named[], layout: Layout, t: Translate, widest: number | null): string {
  const counts = group.map(({ steps }) => countsOf(steps));
  const labels = [
    t('cli.alignment-reference'),
    ...group.flatMap(({ name }, i) =>
      widest === null
        ? [t('cli.alignment-hypothesis'), t('cli.alignment-errors')]
        : [shortened(harmless(name), widest), signsOf(counts[i]!, t)],
    ),
  ];
  const indent = Math.max(...labels.map(widthOf)) + gap;
  const [{ reference }] = group as [Named, ...Named[]];
  const lines = [widest === null ? headOf(id, reference.length, counts[0]!, t) : nameOf(id, reference.length, t)];
  for (const part of broken(columnsOf(group).map(printed), layout.columns - indent)) {
    labels.forEach((label, row) => {
      const system = (row - 2) / 2;
      if (widest !== null && Number.isInteger(system) && counts[system]?.errors === 0) return;
      const cells = part.map(({ rows, width }) => painted(rows[row]!, width, layout));
      lines.push(`${padEnd(label, indent)}${cells.join(' '.repeat(gap))}`.trimEnd());
    });
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** The rows of a column: the reference, then of every system its word and its sign. */
function printed({ reference, cells }: Column): Printed {
  const said = reference === null ? null : harmless(reference);
  const heard = cells.map((cell) => (cell?.word === undefined || cell.word === null ? null : harmless(cell.word)));
  const width = Math.max(...[said, ...heard].map((word) => widthOf(word ?? '')));
  const stars = '*'.repeat(width);
  // The reference is painted as its only hypothesis is; below several, each is painted for itself.
  const first = cells.length === 1 ? cells[0]!.kind : 'hit';
  const rows = [{ text: said ?? stars, kind: first }];
  cells.forEach((cell, i) => {
    const kind = cell?.kind ?? 'hit';
    rows.push({ text: cell === null ? '' : (heard[i] ?? stars), kind }, { text: signs[kind], kind });
  });
  return { rows, width };
}

type Counts = { errors: number; substitutions: number; deletions: number; insertions: number };

function countsOf(steps: readonly AlignmentStep[]): Counts {
  const count = (kind: Kind) => steps.filter((step) => step.kind === kind).length;
  const [substitutions, deletions, insertions] = [count('substitution'), count('deletion'), count('insertion')];
  return { errors: substitutions + deletions + insertions, substitutions, deletions, insertions };
}

function headOf(id: string, words: number, counts: Counts, t: Translate): string {
  return t('cli.alignment-head', { id: harmless(id), words, ...counts });
}

function nameOf(id: string, words: number, t: Translate): string {
  return t('cli.alignment-utterance', { id: harmless(id), words });
}

function signsOf({ substitutions, deletions, insertions }: Counts, t: Translate): string {
  return `  ${t('cli.alignment-signs', { substitutions, deletions, insertions })}`;
}

function broken(columns: readonly Printed[], room: number): Printed[][] {
  const parts: Printed[][] = [];
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

function painted({ text, kind }: { text: string; kind: Kind }, width: number, { colours }: Layout): string {
  const padded = padEnd(text, width);
  return colours && kind !== 'hit' ? `\x1b[${colourCodes[kind]}m${padded}\x1b[39m` : padded;
}
