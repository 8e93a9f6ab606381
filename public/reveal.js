// @ts-check
import { gapChart, intervalBar, shakeUpChart } from './reveal-charts.js';
import { fill, formatsOf, moveOf, nameOf, rateOf, tablesOf, text } from './reveal-format.js';

/*
 * Draws a reveal: the steps that are open, as far as the one that is shown. The same code writes the page on the server, follows the
 * events in the hall, rehearses in the organiser's browser and plays from one file without a network. It fetches nothing.
 */

/** @typedef {import('../lib/reveal.ts').RevealStep} RevealStep */
/** @typedef {import('../lib/reveal.ts').RevealedRow} RevealedRow */
/** @typedef {import('../lib/finals.ts').StandingRow} StandingRow */
/** @typedef {import('../lib/reveal-words.ts').RevealWords} Words */
/** @typedef {{ steps: readonly RevealStep[], position: number }} Shown */

/**
 * The step at `position` with all that was shown before it, as markup.
 * @param {Shown} shown
 * @param {Words} words
 */
export function frameOf({ steps, position }, words) {
  const story = storyOf(steps.slice(0, position + 1));
  const step = steps[position];
  switch (step?.kind) {
    case 'place':
      return `<div class="frame is-place">${spotlight(step, story, words)}${field(story, words)}</div>`;
    case 'shake-up':
      return framed('shake-up', words.shakeUpTitle, words.shakeUpLead, shakeUpChart(story, words));
    case 'gaps':
      return framed('gaps', words.gapsTitle, words.gapsLead, gapChart(story, words));
    case 'end':
      return framed('end', words.endTitle, winners(story, words), field(story, words));
    default:
      return framed('standing', words.standingTitle, words.standingLead, field(story, words));
  }
}

/**
 * What screen readers say when the step comes.
 * @param {Shown} shown
 * @param {Words} words
 */
export function sentenceOf({ steps, position }, words) {
  const step = steps[position];
  if (step?.kind !== 'place') {
    return {
      standing: words.standingTitle,
      'shake-up': words.shakeUpTitle,
      gaps: words.gapsTitle,
      end: words.endTitle,
    }[step?.kind ?? 'standing'];
  }
  const rows = step.rows.map((row) => `${row.team}, ${formatsOf(words).percent(rateOf(row.private))}`);
  return `${placeName(step, words)}: ${rows.join('; ')}`;
}

/**
 * Puts the step into `main`: rows glide from where they stood, unless the reader asked for less motion.
 * @param {HTMLElement} main
 * @param {Shown} shown
 * @param {Words} words
 */
export function show(main, shown, words) {
  const before = boxesOf(main);
  const said = main.querySelector('[role="status"]');
  const frame = main.querySelector('.frame');
  const looked = frame?.className;
  const template = document.createElement('template');
  template.innerHTML = frameOf(shown, words);
  if (frame === null) main.replaceChildren(template.content, ...main.childNodes);
  else frame.replaceWith(template.content);
  if (said !== null) said.textContent = sentenceOf(shown, words);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const easing = 'cubic-bezier(0.22, 1, 0.36, 1)';
  // Between two layouts the table stands elsewhere: its rows move within it, not across the screen.
  const isSameLayout = main.querySelector('.frame')?.className === looked;
  for (const [team, { row, box }] of boxesOf(main)) {
    const from = before.get(team)?.box;
    if (from === undefined || (from.left === box.left && from.top === box.top)) continue;
    const shift = `translate(${isSameLayout ? from.left - box.left : 0}px, ${from.top - box.top}px)`;
    row.animate([{ transform: shift }, { transform: 'none' }], { duration: 1100, easing });
  }
  main.querySelector('.spotlight')?.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 500, easing });
}

/** @param {HTMLElement} main */
function boxesOf(main) {
  /** @type {NodeListOf<HTMLElement>} */
  const rows = main.querySelectorAll('[data-team]');
  return new Map([...rows].map((row) => [row.dataset.team, { row, box: row.getBoundingClientRect() }]));
}

/**
 * What is known after these steps. `revealed` stands in its final order, `waiting` in that of the public board.
 * @param {readonly RevealStep[]} steps
 */
export function storyOf(steps) {
  const standing = steps[0]?.kind === 'standing' ? steps[0].rows : [];
  const revealed = steps.flatMap((step) => (step.kind === 'place' ? step.rows : []));
  const known = new Set(revealed.map(({ teamId }) => teamId));
  const last = steps.at(-1);
  return {
    standing,
    waiting: standing.filter(({ teamId }) => !known.has(teamId)),
    revealed: revealed.sort(byErrors),
    now: new Set(last?.kind === 'place' ? last.rows.map(({ teamId }) => teamId) : []),
  };
}
/** @typedef {ReturnType<typeof storyOf>} Story */

/**
 * As lib/finals.ts orders a result.
 * @param {RevealedRow} a
 * @param {RevealedRow} b
 */
function byErrors(a, b) {
  return (
    a.private.errors - b.private.errors ||
    Number(b.kind === 'baseline') - Number(a.kind === 'baseline') ||
    (a.team < b.team ? -1 : Number(a.team > b.team))
  );
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} lead
 * @param {string} content
 */
function framed(name, title, lead, content) {
  return `<div class="frame is-${name}"><div class="head"><h2>${text(title)}</h2><p>${lead}</p></div>${content}</div>`;
}

/**
 * @param {RevealStep & { kind: 'place' }} step
 * @param {Story} story
 * @param {Words} words
 */
function spotlight(step, story, words) {
  const several = step.rows.length > 1;
  const size = step.rows.length > 3 ? ' of-many' : several ? ' of-some' : '';
  const left = story.waiting.filter(({ kind }) => kind === 'team').length;
  const cards = step.rows.map((row) => card(row, story, words)).join('');
  const notes = [
    several ? words.equal : '',
    step.rows[0]?.tiedBelow ? words.tiedBelow : '',
    left > 0 ? fill(words.toCome, { count: left }) : '',
  ].filter((note) => note !== '');
  return `<section class="spotlight${size}${step.isWinner ? ' is-winner' : ''}"><p class="which">${text(placeName(step, words))}</p>${cards}<p class="note">${text(notes.join(' · '))}</p></section>`;
}

/**
 * @param {RevealStep & { kind: 'place' }} step
 * @param {Words} words
 */
function placeName({ rows, isWinner }, words) {
  const first = rows[0];
  if (isWinner) return rows.length > 1 ? words.winners : words.winner;
  if (first === undefined || first.place === null) return outOfRank(first, words);
  return fill(words.placeOf, { place: first.place });
}

/**
 * @param {RevealedRow | undefined} row
 * @param {Words} words
 */
function outOfRank(row, words) {
  if (row?.kind === 'baseline') return words.isBaseline;
  return row?.isUnranked ? words.isUnranked : words.isGuest;
}

/**
 * @param {RevealedRow} row
 * @param {Story} story
 * @param {Words} words
 */
function card(row, story, words) {
  const { percent, points, range, span } = formatsOf(words);
  const { interval } = row.private;
  const gap = row.gap && `${points(row.gap.difference)}${row.gap.interval ? ` [${span(row.gap.interval)}]` : ''}`;
  const publicPlace = row.publicPlace === null ? '' : ` · ${fill(words.placeOf, { place: row.publicPlace })}`;
  const verdict =
    row.beatsBaseline === null
      ? ''
      : `<p class="chip ${row.beatsBaseline ? 'is-good' : ''}">${row.beatsBaseline ? '✓' : '—'} ${text(row.beatsBaseline ? words.beats : words.beatsNot)}</p>`;
  return `<article><h2>${nameOf(row.team)}</h2><p class="rate"><b>${percent(rateOf(row.private))}</b>${
    interval ? ` <span>${range(interval)}</span>` : ''
  }</p>${intervalBar(row, story, words)}<dl><div><dt>${text(words.publicWer)}</dt><dd>${percent(rateOf(row.public))}${text(publicPlace)}</dd></div>${
    gap ? `<div><dt>${text(words.gap)}</dt><dd>${gap}</dd></div>` : ''
  }<div><dt>${text(words.errorsTerm)}</dt><dd>${text(fill(words.errors, { errors: row.private.errors, words: row.private.words }))}</dd></div></dl>${verdict}</article>`;
}

/**
 * Everybody: who is still to come by the public board, below them who has been revealed.
 * @param {Story} story
 * @param {Words} words
 */
function field(story, words) {
  const rows = [
    ...story.waiting.map((row) => waitingRow(row, words)),
    ...story.revealed.map((row) => revealedRow(row, story, words)),
  ];
  const head = [words.place, words.team, words.publicShort, words.privateShort, words.move];
  const legend = story.revealed.some(({ tiedBelow }) => tiedBelow)
    ? `<p class="legend">${text(words.tieLegend)}</p>`
    : '';
  return `${tablesOf('places', words.caption, head, rows)}${legend}`;
}

/**
 * @param {StandingRow} row
 * @param {Words} words
 */
function waitingRow({ teamId, team, kind, place, wer }, words) {
  const rate = wer === null ? '—' : formatsOf(words).rate(wer);
  return `<tr data-team="${text(teamId)}" class="is-waiting${kind === 'baseline' ? ' is-baseline' : ''}"><td class="number">${place ?? '—'}</td><th scope="row">${nameOf(team)}</th><td class="number">${rate}</td><td class="number"></td><td class="number"></td></tr>`;
}

/**
 * @param {RevealedRow} row
 * @param {Story} story
 * @param {Words} words
 */
function revealedRow(row, story, words) {
  const { rate } = formatsOf(words);
  const looks = [
    'is-revealed',
    story.now.has(row.teamId) ? 'is-now' : '',
    row.kind === 'baseline' ? 'is-baseline' : '',
    row.place === 1 ? 'is-first' : '',
  ];
  const tie = row.tiedBelow
    ? `<span class="tie"><span aria-hidden="true">≈</span><span class="sr-only">${text(words.tiedBelow)}</span></span>`
    : '';
  return `<tr data-team="${text(row.teamId)}" class="${looks.filter((look) => look !== '').join(' ')}"><td class="number">${tie}${row.place ?? '—'}</td><th scope="row">${nameOf(row.team)}</th><td class="number">${rate(rateOf(row.public))}</td><td class="number"><b>${rate(rateOf(row.private))}</b></td><td class="number">${moveOf(row, words)}</td></tr>`;
}

/**
 * @param {Story} story
 * @param {Words} words
 */
function winners(story, words) {
  const first = story.revealed.filter(({ place }) => place === 1).map(({ team }) => nameOf(team));
  if (first.length === 0) return text(words.endLead);
  const who = `<b>${first.length > 1 ? text(words.winners) : text(words.winner)}: ${first.join(', ')}.</b>`;
  return `${who} ${text(words.endLead)}`;
}
