// @ts-check

/*
 * How a reveal writes what it knows.
 */

/** @typedef {import('../lib/finals.ts').FoldResult} FoldResult */
/** @typedef {import('../lib/reveal.ts').RevealedRow} RevealedRow */
/** @typedef {import('../lib/reveal-words.ts').RevealWords} Words */

/** @param {FoldResult} fold */
export function rateOf({ errors, words }) {
  return words === 0 ? 0 : errors / words;
}

/** Numbers as app/_ui/format.ts writes them. @param {Words} words */
export function formatsOf({ language, points: unit }) {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  /** @param {number} ratio */
  const rate = (ratio) => format.format(ratio * 100).replace('-', '−');
  /** @param {number} ratio */
  const signed = (ratio) => `${ratio > 0 ? '+' : ''}${rate(ratio)}`;
  const percentSign = language === 'ru' ? '\u00a0%' : '%';
  return {
    rate,
    /** @param {number} ratio */
    percent: (ratio) => `${rate(ratio)}${percentSign}`,
    /** @param {readonly [number, number]} interval */
    range: ([low, high]) => `${rate(low)}–${rate(high)}${percentSign}`,
    /** @param {number} ratio */
    points: (ratio) => `${signed(ratio)}\u00a0${unit}`,
    /** @param {readonly [number, number]} interval */
    span: ([low, high]) => `${signed(low)}; ${signed(high)}`,
  };
}

/**
 * @param {string} pattern
 * @param {Record<string, string | number>} values
 */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (all, key) => String(values[key] ?? all));
}

/** Safe between tags and in attributes. @param {string} raw */
export function text(raw) {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * From the public place to the private one.
 * @param {Pick<RevealedRow, 'place' | 'publicPlace'>} row
 * @param {Words} words
 */
export function moveOf({ place, publicPlace }, words) {
  if (place === null || publicPlace === null) return '';
  const by = publicPlace - place;
  const said = by === 0 ? words.same : fill(by > 0 ? words.up : words.down, { count: Math.abs(by) });
  const [look, sign] = by === 0 ? ['', '='] : by > 0 ? [' is-up', `▲${by}`] : [' is-down', `▼${-by}`];
  return `<span class="move${look}"><span aria-hidden="true">${sign}</span><span class="sr-only">${text(said)}</span></span>`;
}

/** A team's name, whose letters turn nothing around them. @param {string} raw */
export function nameOf(raw) {
  return `<bdi>${text(raw)}</bdi>`;
}

/** Beyond these, rows stand in two columns. */
const fitsOneColumn = 20;

/**
 * Rows of tables side by side, and of the heights that public/reveal.css knows the one at which a column fits a projector.
 * @param {readonly string[]} rows
 */
function inColumns(rows) {
  const perColumn = rows.length > fitsOneColumn ? Math.ceil(rows.length / 2) : Math.max(1, rows.length);
  const columns = [rows.slice(0, perColumn), rows.slice(perColumn)].filter((column) => column.length > 0);
  return { columns, density: densityOf(perColumn) };
}

/** @param {number} rows */
export function densityOf(rows) {
  return [10, 15, 20, 25, 30, 40, 60].find((most) => rows <= most) ?? 60;
}

/**
 * Tables that begin alike. The second column holds names.
 * @param {string} look
 * @param {string} caption
 * @param {readonly string[]} head
 * @param {readonly string[]} rows
 */
export function tablesOf(look, caption, head, rows) {
  const { columns, density } = inColumns(rows);
  const cells = head.map((label, i) => `<th scope="col"${i === 1 ? '' : ' class="number"'}>${text(label)}</th>`);
  const start = `<table><caption class="sr-only">${text(caption)}</caption><thead><tr>${cells.join('')}</tr></thead><tbody>`;
  const tables = columns.map((column) => `${start}${column.join('')}</tbody></table>`);
  return `<div class="field ${look} columns-${columns.length} rows-${density}">${tables.join('')}</div>`;
}
