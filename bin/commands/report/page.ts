/** Words said and heard alike are one text; a pair is a substitution, with 0 where a side has no word. */
export type Cell = string | readonly [string | 0, string | 0];

/** What a system made of an utterance: reference words, substitutions, deletions, insertions, alignment. */
export type Side = readonly [number, number, number, number, readonly Cell[]];

/** Utterance: its id, and a side for every system. */
export type Row = readonly [string, readonly Side[]];

/** What the page says that is not there from the start; `{…}` are places for numbers. */
export type PageLabels = {
  readonly errors: string;
  readonly shown: string;
  readonly language: string;
  readonly step: number;
  /** Of the systems, in their order. */
  readonly names: readonly string[];
};

/**
 * What runs inside the report. Its text is put into the file, so it uses nothing from outside itself; the same function writes
 * the first rows of the file, and so there is one way to draw an utterance. `view` is the number of the system that is looked at;
 * −1 for all of them side by side.
 */
export function createPage(labels: PageLabels) {
  const number = new Intl.NumberFormat(labels.language);
  const percent = new Intl.NumberFormat(labels.language, { style: 'percent', maximumFractionDigits: 1 });
  const filled = (text: string, values: Record<string, string>) =>
    text.replace(/\{(\w+)\}/g, (_, name) => values[name]!);
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);
  const all = -1;
  const sidesOf = ([, sides]: Row, view: number) => (view === all ? sides : [sides[view]!]);
  const errorsOfSide = ([, substitutions, deletions, insertions]: Side) => substitutions + deletions + insertions;
  const rateOfSide = (side: Side) => (errorsOfSide(side) === 0 ? 0 : errorsOfSide(side) / side[0]);
  const total = (row: Row, view: number, of: (side: Side) => number) =>
    sidesOf(row, view).reduce((sum, side) => sum + of(side), 0);
  const errorsOf = (row: Row, view: number) => total(row, view, errorsOfSide);
  const rateOf = (row: Row, view: number) => total(row, view, rateOfSide);
  const spreadOf = ([, sides]: Row) => Math.max(...sides.map(errorsOfSide)) - Math.min(...sides.map(errorsOfSide));

  const word = (kind: string, sign: string, said: string | 0, heard: string | 0) =>
    `<span class="w ${kind}"><i>${sign}</i><bdi class="r">${said === 0 ? '·' : escaped(said)}</bdi>` +
    `<bdi class="h">${heard === 0 ? '·' : escaped(heard)}</bdi></span>`;

  function cellMarkup(cell: Cell): string {
    if (typeof cell === 'string')
      return cell
        .split(' ')
        .map((text) => word('', '', text, text))
        .join('');
    const [said, heard] = cell;
    if (said === 0) return word('ins', 'I', said, heard);
    return heard === 0 ? word('del', 'D', said, heard) : word('sub', 'S', said, heard);
  }

  function sideMarkup(side: Side): string {
    const [words, substitutions, deletions, insertions, cells] = side;
    const rate = words === 0 ? '' : ` · ${percent.format(rateOfSide(side))}`;
    const counts = { S: substitutions, D: deletions, I: insertions };
    const signs = Object.entries(counts).map(([sign, count]) =>
      count > 0 ? ` ${sign}\u00a0${number.format(count)}` : '',
    );
    const errors = filled(labels.errors, { errors: number.format(errorsOfSide(side)), words: number.format(words) });
    return (
      `<p class="counts">${errors}${rate}<span class="signs">${signs.join('')}</span></p>` +
      `<div class="align">${cells.map(cellMarkup).join('')}</div>`
    );
  }

  function rowMarkup(row: Row, view = all): string {
    const [id, sides] = row;
    const shown = sides.flatMap((side, i) => {
      if (view !== all && view !== i) return [];
      return sides.length === 1
        ? [sideMarkup(side)]
        : [`<section><h4><bdi>${escaped(labels.names[i]!)}</bdi></h4>${sideMarkup(side)}</section>`];
    });
    const body = sides.length === 1 ? shown[0]! : `<div class="sides">${shown.join('')}</div>`;
    return `<article><h3><bdi>${escaped(id)}</bdi></h3>${body}</article>`;
  }

  const orders: Record<string, (a: Row, b: Row, view: number) => number> = {
    errors: (a, b, view) => errorsOf(b, view) - errorsOf(a, view),
    rate: (a, b, view) => rateOf(b, view) - rateOf(a, view) || errorsOf(b, view) - errorsOf(a, view),
    spread: (a, b) => spreadOf(b) - spreadOf(a) || errorsOf(b, all) - errorsOf(a, all),
    length: (a, b) => b[1][0]![0] - a[1][0]![0],
    file: () => 0,
    id: (a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0])),
  };

  const kinds: Record<string, (row: Row, view: number) => boolean> = {
    errors: (row, view) => errorsOf(row, view) > 0,
    differ: (row) => spreadOf(row) > 0,
    S: (row, view) => total(row, view, (side) => side[1]) > 0,
    D: (row, view) => total(row, view, (side) => side[2]) > 0,
    I: (row, view) => total(row, view, (side) => side[3]) > 0,
    all: () => true,
  };

  const textOf = ([id, sides]: Row) => {
    const texts = sides.flatMap(([, , , , cells]) =>
      cells.map((cell) => (typeof cell === 'string' ? cell : `${cell[0] || ''} ${cell[1] || ''}`)),
    );
    return `${id} ${texts.join(' ')}`.toLowerCase();
  };

  type Pair = readonly [number, string | 0, string | 0];
  const hasPair = ([, sides]: Row, [system, said, heard]: Pair) =>
    sides[system]![4].some((cell) => typeof cell !== 'string' && cell[0] === said && cell[1] === heard);

  function start(rows: readonly Row[]): void {
    const find = <E extends Element>(selector: string) => document.querySelector<E>(selector)!;
    const [list, more, shown, picked] = [
      find('#list'),
      find<HTMLElement>('#more'),
      find('#shown'),
      find<HTMLElement>('#picked'),
    ];
    const [order, kind, search] = [
      find<HTMLSelectElement>('#order'),
      find<HTMLSelectElement>('#kind'),
      find<HTMLInputElement>('#search'),
    ];
    const choice = document.querySelector<HTMLSelectElement>('#view');
    let pair: Pair | null = null;
    let chosen: Row[] = [];
    let texts: string[] | undefined;
    const viewed = () => (choice === null ? all : Number(choice.value));

    const show = (from: number) => {
      const to = Math.min(chosen.length, from + labels.step);
      const view = viewed();
      const markup = chosen
        .slice(from, to)
        .map((row) => rowMarkup(row, view))
        .join('');
      if (from === 0) list.innerHTML = markup;
      else list.insertAdjacentHTML('beforeend', markup);
      tell(to);
    };
    const tell = (count: number) => {
      more.hidden = count >= chosen.length;
      more.dataset.from = String(count);
      shown.textContent = filled(labels.shown, { shown: number.format(count), total: number.format(chosen.length) });
    };
    const choose = () => {
      const wanted = search.value.trim().toLowerCase();
      const view = viewed();
      if (wanted !== '') texts ??= rows.map(textOf);
      chosen = rows.filter(
        (row, i) =>
          kinds[kind.value]!(row, view) &&
          (wanted === '' || texts![i]!.includes(wanted)) &&
          (pair === null || hasPair(row, pair)),
      );
      chosen.sort((a, b) => orders[order.value]!(a, b, view));
    };
    const renew = () => {
      choose();
      picked.hidden = pair === null;
      show(0);
    };
    const turn = () => {
      const view = viewed();
      if (pair !== null && view !== all && view !== pair[0]) pair = null;
      for (const part of document.querySelectorAll<HTMLElement>('[data-of]')) {
        part.hidden = view !== all && Number(part.dataset.of) !== view;
      }
      renew();
    };
    for (const control of [order, kind, search]) control.addEventListener('input', renew);
    choice?.addEventListener('input', turn);
    more.addEventListener('click', () => show(Number(more.dataset.from)));
    picked.addEventListener('click', () => {
      pair = null;
      renew();
    });
    for (const button of document.querySelectorAll<HTMLElement>('[data-pair]')) {
      button.addEventListener('click', () => {
        kind.value = 'errors';
        search.value = '';
        pair = JSON.parse(button.dataset.pair!);
        picked.textContent = `× ${button.textContent!.trim()}`;
        renew();
        find('#utterances').scrollIntoView();
      });
    }
    find<HTMLElement>('#controls').hidden = false;
    if (order.value !== 'errors' || kind.value !== 'errors' || search.value !== '' || viewed() !== all) turn();
    else {
      choose();
      tell(Math.min(chosen.length, labels.step));
    }
  }

  return { rowMarkup, escaped, orders, start };
}
