/** Words said and heard alike are one text; a pair is a substitution, with 0 where a side has no word. */
export type Cell = string | readonly [string | 0, string | 0];

/** Utterance: id, reference words, substitutions, deletions, insertions, alignment. */
export type Row = readonly [string, number, number, number, number, readonly Cell[]];

/** What the page says that is not there from the start; `{…}` are places for numbers. */
export type PageLabels = {
  readonly errors: string;
  readonly shown: string;
  readonly language: string;
  readonly step: number;
};

/**
 * What runs inside the report. Its text is put into the file, so it uses nothing from outside itself; the same function writes
 * the first rows of the file, and so there is one way to draw an utterance.
 */
export function createPage(labels: PageLabels) {
  const number = new Intl.NumberFormat(labels.language);
  const percent = new Intl.NumberFormat(labels.language, { style: 'percent', maximumFractionDigits: 1 });
  const filled = (text: string, values: Record<string, string>) =>
    text.replace(/\{(\w+)\}/g, (_, name) => values[name]!);
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);
  const errorsOf = ([, , substitutions, deletions, insertions]: Row) => substitutions + deletions + insertions;
  const rateOf = (row: Row) => (errorsOf(row) === 0 ? 0 : errorsOf(row) / row[1]);

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

  function rowMarkup(row: Row): string {
    const [id, words, substitutions, deletions, insertions, cells] = row;
    const rate = words === 0 ? '' : ` · ${percent.format(rateOf(row))}`;
    const counts = { S: substitutions, D: deletions, I: insertions };
    const signs = Object.entries(counts).map(([sign, count]) =>
      count > 0 ? ` ${sign}\u00a0${number.format(count)}` : '',
    );
    const errors = filled(labels.errors, { errors: number.format(errorsOf(row)), words: number.format(words) });
    return (
      `<article><h3><bdi>${escaped(id)}</bdi></h3><p class="counts">${errors}${rate}` +
      `<span class="signs">${signs.join('')}</span></p><div class="align">${cells.map(cellMarkup).join('')}</div></article>`
    );
  }

  const orders: Record<string, (a: Row, b: Row) => number> = {
    errors: (a, b) => errorsOf(b) - errorsOf(a),
    rate: (a, b) => rateOf(b) - rateOf(a) || errorsOf(b) - errorsOf(a),
    length: (a, b) => b[1] - a[1],
    file: () => 0,
    id: (a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0])),
  };

  const textOf = (row: Row) => {
    const texts = row[5].map((cell) => (typeof cell === 'string' ? cell : `${cell[0] || ''} ${cell[1] || ''}`));
    return `${row[0]} ${texts.join(' ')}`.toLowerCase();
  };

  const hasPair = (row: Row, said: string | 0, heard: string | 0) =>
    row[5].some((cell) => typeof cell !== 'string' && cell[0] === said && cell[1] === heard);

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
    let pair: readonly [string | 0, string | 0] | null = null;
    let chosen: Row[] = [];
    let texts: string[] | undefined;

    const show = (from: number) => {
      const to = Math.min(chosen.length, from + labels.step);
      const markup = chosen.slice(from, to).map(rowMarkup).join('');
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
      if (wanted !== '') texts ??= rows.map(textOf);
      const position = { errors: 0, all: 0, S: 2, D: 3, I: 4 }[kind.value]!;
      chosen = rows.filter(
        (row, i) =>
          (kind.value === 'all' || (position === 0 ? errorsOf(row) > 0 : Number(row[position]) > 0)) &&
          (wanted === '' || texts![i]!.includes(wanted)) &&
          (pair === null || hasPair(row, pair[0], pair[1])),
      );
      chosen.sort(orders[order.value]);
    };
    const renew = () => {
      choose();
      picked.hidden = pair === null;
      show(0);
    };
    for (const control of [order, kind, search]) control.addEventListener('input', renew);
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
    choose();
    tell(Math.min(chosen.length, labels.step));
  }

  return { rowMarkup, escaped, orders, start };
}
