/** What was said, and other wordings that are as good. */
export type Wordings = readonly [string, ...string[]];

export type Expansion =
  | { readonly ok: true; readonly wordings: Wordings }
  /** The text has too many wordings; the braces that make them so begin at this offset. */
  | { readonly ok: false; readonly at: number };

/** Wordings that one utterance may have: each is aligned, and costs time. */
export const maxWordings = 256;

/** How a wording of no words is written where an empty cell would be none at all. */
export const silence = '{@ / @}';

/**
 * All wordings of a reference in which `{a / b}` stands for either, as in sclite: any slash between balanced braces parts
 * alternatives, `@` or nothing is silence, and alternatives may have braces in them. All else is text: braces without a slash
 * or a partner, slashes outside of them.
 */
export function expandAlternatives(text: string): Expansion {
  if (!text.includes('{')) return { ok: true, wordings: [text] };
  const isGroup = groupsIn(text);
  const levels: Level[] = [{ at: 0, done: [], current: [''] }];
  for (const { 0: piece, index: at } of text.matchAll(/[{}/]|[^{}/]+/g)) {
    const level = levels.at(-1)!;
    if (isGroup.has(at) && piece === '{') levels.push({ at, done: [], current: [''] });
    else if (isGroup.has(at)) {
      levels.pop();
      if (!append(levels.at(-1)!, choicesOf(level))) return { ok: false, at: level.at };
    } else if (piece === '/' && levels.length > 1) {
      level.done.push(level.current);
      level.current = [''];
    } else append(level, [piece]);
  }
  const wordings = levels[0]!.current;
  return { ok: true, wordings: isGroup.size > 0 ? distinct(wordings.map(withoutGaps)) : [text] };
}

/** Wordings of the alternatives of one pair of braces so far, or of the whole text. */
type Level = { readonly at: number; readonly done: string[][]; current: string[] };

/** Offsets of the braces that enclose alternatives, opening and closing ones. */
function groupsIn(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  const open: { at: number; hasSlash: boolean }[] = [];
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') open.push({ at: i, hasSlash: false });
    else if (text[i] === '/' && open.length > 0) open.at(-1)!.hasSlash = true;
    else if (text[i] === '}') {
      const group = open.pop();
      if (group?.hasSlash) found.add(group.at).add(i);
    }
  }
  return found;
}

/** Follows every wording of a level by every choice; false where they would be too many. */
function append(level: Level, choices: readonly string[]): boolean {
  if (level.current.length * choices.length > maxWordings) return false;
  level.current = level.current.flatMap((before) => choices.map((choice) => before + choice));
  return true;
}

function choicesOf({ done, current }: Level): Wordings {
  const spoken = [...done, current].flat().map((choice) => (choice.trim() === '@' ? '' : choice.trim()));
  return distinct(spoken);
}

function distinct(wordings: readonly string[]): Wordings {
  const [first = '', ...others] = new Set(wordings);
  return [first, ...others];
}

/** Silence leaves two spaces where there was one. */
function withoutGaps(wording: string): string {
  return wording.replace(/ {2,}/g, ' ').trim();
}

/** A cell of a file that may hold wordings, and the offset where it begins. */
export type WordingCell = { readonly value: string; readonly at: number };

/** Columns and keys beside the reference that hold further wordings: `text_2`, `text3` and so on. */
export const otherWordings = /^text_?(?:[2-9]|[1-9][0-9]+)$/;

/**
 * The wordings of an utterance from the cells that hold them. An empty cell is no wording where another has one. `refuse` is
 * told the offset where they become too many; `text` is what the offsets are of.
 */
export function wordingsOf(cells: readonly WordingCell[], text: string, refuse: (at: number) => void): Wordings {
  const [only] = cells;
  if (only && cells.length === 1 && !only.value.includes('{')) return [only.value.trim() === '' ? '' : only.value];
  const all = new Set<string>();
  for (const { value, at } of cells) {
    if (value.trim() === '') continue;
    const expanded = expandAlternatives(value);
    if (!expanded.ok) {
      refuse(placeWithin(value, expanded.at, at, text));
      return [value];
    }
    for (const wording of expanded.wordings) all.add(wording);
    if (all.size > maxWordings) {
      refuse(at);
      return [value];
    }
  }
  const [first = '', ...others] = all;
  return [first, ...others];
}

/** An offset in a cell as one in the file: exact unless quotes or escapes stand in between, else where the cell begins. */
function placeWithin(value: string, offset: number, at: number, text: string): number {
  const start = [at, at + 1].find((from) => text.startsWith(value.slice(0, offset + 1), from));
  return start === undefined ? at : start + offset;
}
