// @ts-check
import { moveRows, positionsOf } from './move-rows.js';

/*
 * Keeps the audience's page up to date: when the server tells of a change, the page is fetched anew and its body replaced, rows
 * gliding to their new places. Without it the page reloads itself every half minute.
 */

const { slug = '', timeZone, lost: lostText = '', day: dayUnit = '' } = document.body.dataset;
const competition = `/api/v1/competitions/${slug}`;
/** Milliseconds by which the server's clock is ahead of ours; null until it has told. @type {number | null} */
let clockOffset = null;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
let isLoading = false;
let isStale = false;

async function refresh() {
  isStale = true;
  if (isLoading) return;
  isLoading = true;
  while (isStale) {
    isStale = false;
    await fetch(location.pathname, { cache: 'no-cache' })
      .then(async (answer) => answer.ok && show(await answer.text()))
      .catch(() => sayLost(new Date()));
  }
  isLoading = false;
}

/** @param {string} html */
function show(html) {
  const next = new DOMParser().parseFromString(html, 'text/html').body;
  const before = positionsOf(document);
  const rates = ratesOf(document);
  document.body.replaceChildren(...next.childNodes);
  document.body.dataset.version = next.dataset.version;
  for (const [team, row] of ratesOf(document)) {
    row.parentElement?.classList.toggle(
      'is-changed',
      rates.has(team) && rates.get(team)?.textContent !== row.textContent,
    );
  }
  moveRows(document, before);
  tick();
}

/** @param {Document} page */
function ratesOf(page) {
  return new Map(
    [...page.querySelectorAll('.rate')].map((cell) => [
      cell.parentElement?.dataset.team,
      /** @type {HTMLElement} */ (cell),
    ]),
  );
}

function follow() {
  const events = new EventSource(`${competition}/events?after=${document.body.dataset.version}`);
  events.onopen = () => {
    clearTimeout(silence);
    silence = undefined;
    sayLost(null);
  };
  events.onerror = () => {
    const since = new Date();
    silence ??= setTimeout(() => sayLost(since), 4000);
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 5000 * (1 + Math.random()));
  };
  // Countdowns go by the server's clock.
  events.addEventListener('clock', (event) => {
    clockOffset = Date.parse(JSON.parse(event.data).now) - Date.now();
    tick();
  });
  events.addEventListener('board', (event) => {
    if (Number(event.lastEventId) > Number(document.body.dataset.version)) refresh();
  });
  // A boundary of the timetable has passed. Spread out, so that a full lecture hall does not ask in the same instant.
  events.addEventListener('phase', () => setTimeout(refresh, 3000 * Math.random()));
}

/** @param {Date | null} since */
function sayLost(since) {
  const place = document.getElementById('lost');
  const time = since?.toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit', timeZone });
  if (place) place.textContent = time ? lostText.replace('{time}', time) : '';
}

function tick() {
  const clock = document.getElementById('clock');
  const until = Date.parse(clock?.getAttribute('datetime') ?? '');
  if (!clock || clockOffset === null || Number.isNaN(until)) return;
  const seconds = Math.max(0, Math.ceil((until - Date.now() - clockOffset) / 1000));
  const days = Math.floor(seconds / 86_400);
  const parts = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  clock.parentElement?.classList.add('is-running');
  clock.textContent = `${days > 0 ? `${days} ${dayUnit} ` : ''}${parts.join(':')}`;
}

// Nobody presses reload on a projector.
if ('comesBack' in document.body.dataset) setTimeout(() => location.reload(), 15_000);

if (slug !== '') {
  follow();
  setInterval(tick, 1000);
}
