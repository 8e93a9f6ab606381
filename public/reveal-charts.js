// @ts-check
import { densityOf, fill, formatsOf, moveOf, nameOf, rateOf, tablesOf, text } from './reveal-format.js';

/*
 * The pictures of a reveal: an interval against the public number, public against private places, and the gaps. Lines and marks are
 * drawn on stretched squares of 100 by 100, names stand beside them as text, so that one drawing serves a phone and a wall.
 */

/** @typedef {import('./reveal.js').Story} Story */
/** @typedef {import('./reveal.js').RevealedRow} RevealedRow */
/** @typedef {import('./reveal.js').Words} Words */

/**
 * The private rate with its interval; a ring where the public one was, a dashed line at the baseline once that is revealed.
 * @param {RevealedRow} row
 * @param {Story} story
 * @param {Words} words
 */
export function intervalBar(row, story, words) {
  const ends = story.revealed.flatMap((each) => [
    ...(each.private.interval ?? [rateOf(each.private)]),
    rateOf(each.public),
  ]);
  const rates = [...ends, ...story.standing.flatMap(({ wer }) => wer ?? [])];
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const margin = (most - least) * 0.04 || 0.01;
  const at = scale(Math.max(0, least - margin), most + margin);
  const [hidden, seen] = [rateOf(row.private), rateOf(row.public)];
  const [low, high] = row.private.interval ?? [hidden, hidden];
  const baseline = story.revealed.find(({ kind }) => kind === 'baseline');
  const said = `${words.privateWer}: ${formatsOf(words).percent(hidden)}; ${words.publicWer}: ${formatsOf(words).percent(seen)}`;
  return `<svg class="bar" role="img" aria-label="${text(said)}" viewBox="0 0 100 10" preserveAspectRatio="none"><line class="axis" x1="0" x2="100" y1="5" y2="5"/>${
    baseline
      ? `<line class="base" x1="${at(rateOf(baseline.private))}" x2="${at(rateOf(baseline.private))}" y1="0" y2="10"/>`
      : ''
  }<line class="range" x1="${at(low)}" x2="${at(high)}" y1="5" y2="5"/><line class="seen" x1="${at(seen)}" x2="${at(seen)}" y1="1.5" y2="8.5"/><line class="mark" x1="${at(hidden)}" x2="${at(hidden)}" y1="0.5" y2="9.5"/></svg>`;
}

/**
 * Lines from public places on the left to private ones on the right, of ranked teams.
 * @param {Story} story
 * @param {Words} words
 */
export function shakeUpChart(story, words) {
  const ranked = story.revealed.filter((row) => row.place !== null && row.publicPlace !== null);
  const left = [...ranked].sort((a, b) => Number(a.publicPlace) - Number(b.publicPlace) || orderOf(a, b));
  const right = [...ranked].sort((a, b) => Number(a.place) - Number(b.place) || orderOf(a, b));
  const y = (/** @type {number} */ index) => round(((index + 0.5) * 100) / ranked.length);
  const lines = right.map((row, i) => {
    const by = Number(row.publicPlace) - Number(row.place);
    const look = by > 0 ? 'is-up' : by < 0 ? 'is-down' : '';
    return `<path class="${look}" d="M0 ${y(left.indexOf(row))}C45 ${y(left.indexOf(row))} 55 ${y(i)} 100 ${y(i)}"/>`;
  });
  const leftItems = left.map((row) => `<li><b>${row.publicPlace}</b> <span>${nameOf(row.team)}</span></li>`);
  const rightItems = right.map(
    (row) => `<li><b>${row.place}</b> <span>${nameOf(row.team)}</span> ${moveOf(row, words)}</li>`,
  );
  return `<div class="slopes rows-${densityOf(ranked.length)}"><h3>${text(words.publicPlaces)}</h3><h3>${text(words.privatePlaces)}</h3><ol class="left">${leftItems.join('')}</ol><svg aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none">${lines.join('')}</svg><ol class="right">${rightItems.join('')}</ol></div>`;
}

/**
 * Each row's gap with its interval against zero.
 * @param {Story} story
 * @param {Words} words
 */
export function gapChart(story, words) {
  const rows = story.revealed.filter(({ gap }) => gap !== null);
  const ends = rows.flatMap(({ gap }) => [gap?.difference ?? 0, ...(gap?.interval ?? [])]);
  const [low, high] = [Math.min(-0.005, ...ends), Math.max(0.005, ...ends)];
  const at = scale(low, high);
  const head = [words.place, words.team, words.gap, words.gapChart];
  const lines = rows.map((row) => gapRow(row, at, words));
  return tablesOf('gaps', words.gapsTitle, head, lines);
}

/**
 * @param {RevealedRow} row
 * @param {(value: number) => number} at
 * @param {Words} words
 */
function gapRow(row, at, words) {
  const { points, span } = formatsOf(words);
  const { difference, interval } = row.gap ?? { difference: 0, interval: null };
  const [low, high] = interval ?? [difference, difference];
  const isClear = interval !== null && (low > 0 || high < 0);
  const said = interval === null ? '' : fill(words.gapRange, { range: span(interval) });
  return `<tr class="${isClear ? 'is-clear' : ''}${row.kind === 'baseline' ? ' is-baseline' : ''}"><td class="number">${row.place ?? '—'}</td><th scope="row">${nameOf(row.team)}</th><td class="number">${points(difference)}<span class="sr-only"> ${text(said)}</span></td><td class="chart"><svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><line class="base" x1="${at(0)}" x2="${at(0)}" y1="0" y2="10"/><line class="range" x1="${at(low)}" x2="${at(high)}" y1="5" y2="5"/><line class="mark" x1="${at(difference)}" x2="${at(difference)}" y1="1" y2="9"/></svg></td></tr>`;
}

/**
 * Where a value stands between two others: 0 to 100.
 * @param {number} low
 * @param {number} high
 */
function scale(low, high) {
  return (/** @type {number} */ value) => round((100 * (value - low)) / (high - low));
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/**
 * @param {RevealedRow} a
 * @param {RevealedRow} b
 */
function orderOf(a, b) {
  return a.team < b.team ? -1 : Number(a.team > b.team);
}
