// @ts-check
import { moveRows, positionsOf } from './move-rows.js';

/*
 * Keeps the audience's page up to date: when the server tells of a change, the page is fetched anew and its body replaced, rows
 * gliding to their new places. A scene may bring a script of its own. Without all that the page reloads itself every half minute.
 */

/**
 * What a scene's script is given: the server's clock, in milliseconds since 1970, and whether the document shows another scene than
 * before.
 * @typedef {{ now(): number, isNew: boolean }} Stage
 */

const { slug = '', kinds = '', timeZone, lost: lostText = '', day: dayUnit = '' } = document.body.dataset;
const competition = `/api/v1/competitions/${slug}`;
/** Milliseconds by which the server's clock is ahead of ours; null until it has told. @type {number | null} */
let clockOffset = null;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
let isLoading = false;
let isStale = false;
/** Ends what the shown scene's script has begun. @type {(() => void) | null} */
let leave = null;
/** Draws news without the page being fetched; returns whether it did. @type {((kind: string, body: string) => boolean) | null} */
let take = null;
/** Rises with every scene that was drawn: a script that loads longer is not started for one that is gone. */
let drawn = 0;

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
  // News that came with its event while the page was on its way.
  if (isOlder(next.dataset.held ?? '')) {
    setTimeout(refresh, 1000);
    return;
  }
  const before = positionsOf(document);
  const rates = ratesOf(document);
  const isNew = document.body.dataset.scene !== next.dataset.scene;
  leave?.();
  leave = null;
  take = null;
  document.body.replaceChildren(...next.childNodes);
  Object.assign(document.body.dataset, { held: next.dataset.held, scene: next.dataset.scene });
  enterScene(isNew);
  for (const [team, row] of ratesOf(document)) {
    row.parentElement?.classList.toggle(
      'is-changed',
      rates.has(team) && rates.get(team)?.textContent !== row.textContent,
    );
  }
  moveRows(document, before);
  tick();
}

/**
 * Starts the script of the scene that stands in the document, if it has one.
 * @param {boolean} isNew
 */
function enterScene(isNew) {
  const main = document.querySelector('main');
  const script = main?.dataset.script;
  drawn += 1;
  const scene = drawn;
  if (!main || !script) return;
  const stage = { now: () => Date.now() + (clockOffset ?? 0), isNew };
  import(script)
    .then((module) => {
      if (scene !== drawn) return;
      leave = module.enter(main, stage) ?? null;
      take = module.take && ((kind, body) => module.take(main, kind, body));
    })
    .catch((error) => console.error(error));
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
  const events = new EventSource(`${competition}/events?after=${document.body.dataset.held}`);
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
  for (const kind of kinds.split(',')) {
    events.addEventListener(kind, ({ lastEventId, data }) => {
      if (!isNewer(lastEventId)) return;
      if (take?.(kind, data)) hold(lastEventId);
      else refresh();
    });
  }
  // A boundary of the timetable has passed. Spread out, so that a full lecture hall does not ask in the same instant.
  events.addEventListener('phase', () => setTimeout(refresh, 3000 * Math.random()));
}

/**
 * Whether the document shows something older of its kind, or nothing. Ids are written by lib/live-news.ts: `12`, `reveal-5`.
 * @param {string} id
 */
function isNewer(id) {
  const [kind, version] = parts(id);
  const held = (document.body.dataset.held ?? '').split(',').map(parts);
  return !held.some(([other, shown]) => other === kind && shown >= version);
}

/**
 * Whether something of what these ids name is shown here in a newer version.
 * @param {string} ids
 */
function isOlder(ids) {
  const held = (document.body.dataset.held ?? '').split(',').map(parts);
  return ids.split(',').some((id) => {
    const [kind, version] = parts(id);
    return held.some(([other, shown]) => other === kind && shown > version);
  });
}

/**
 * Remembers what the document shows now.
 * @param {string} id
 */
function hold(id) {
  const others = (document.body.dataset.held ?? '').split(',').filter((other) => parts(other)[0] !== parts(id)[0]);
  document.body.dataset.held = [...others, id].join();
}

/**
 * @param {string} id
 * @returns {[kind: string, version: number]}
 */
function parts(id) {
  const dash = id.lastIndexOf('-');
  return [id.slice(0, Math.max(dash, 0)), Number(id.slice(dash + 1))];
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
  enterScene(true);
  follow();
  setInterval(tick, 1000);
}
