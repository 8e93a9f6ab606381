// @ts-check
import { connect } from './live-connection.js';
import { heardOf, newsOf } from './live-heard.js';
import { isOlder, withNews } from './live-news.js';
import { moveRows, positionsOf } from './move-rows.js';
import { speaker } from './spoken-news.js';

/*
 * Keeps the audience's page up to date: when the server tells of a change, the page is fetched anew and what differs of it replaced,
 * rows gliding to their new places. A scene may bring a script of its own. Without all that the page reloads itself every half minute.
 */

/**
 * What a scene's script is given: the server's clock, in milliseconds since 1970, and whether the document shows another scene than
 * before.
 * @typedef {{ now(): number, isNew: boolean }} Stage
 * @typedef {(main: HTMLElement, kind: string, body: string) => boolean} Take
 * @typedef {{ enter(main: HTMLElement, stage: Stage): (() => void) | void, take?: Take }} SceneScript
 */

const { slug = '', kinds = '', timeZone, lost: lostText = '', day: dayUnit = '', words = '{}' } = document.body.dataset;
const parts = /** @type {const} */ (['header', 'main', 'footer']);
/** The parts of the document as the server sent them last. @type {Map<string, string>} */
const shown = new Map(parts.map((part) => [part, partOf(document, part)?.outerHTML ?? '']));
/** Milliseconds by which the server's clock is ahead of ours; null until it has told. @type {number | null} */
let clockOffset = null;

/** @type {Map<string, SceneScript>} */
const scripts = new Map();
/** Ends what the shown scene's script has begun. @type {(() => void) | null} */
let leave = null;

/** Has what changed read out to those who do not see it. */
const hear = speaker(
  heardOf(document),
  (before, after) => newsOf(before, after, JSON.parse(words)),
  (news) => write('news', news),
);

/** @type {Promise<boolean> | null} */
let refreshing = null;
let isStale = false;

/** Reads the page anew, once more where it changes meanwhile. Whether the server answered; a browser asks for what has changed only. */
function refresh() {
  isStale = true;
  refreshing ??= readPage().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function readPage() {
  let answered = false;
  while (isStale) {
    isStale = false;
    answered = await fetch(location.pathname, { cache: 'no-cache', signal: AbortSignal.timeout(10_000) })
      .then(async (answer) => {
        if (answer.ok) show(await answer.text());
        return answer.ok;
      })
      .catch(() => false);
  }
  return answered;
}

/** @param {string} html */
function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  // News that came with its event while the page was on its way.
  if (isOlder(page.body.dataset.held ?? '', held())) {
    setTimeout(refresh, 1000);
    return;
  }
  const before = positionsOf(document);
  const rates = ratesOf(document);
  const isNew = document.body.dataset.scene !== page.body.dataset.scene;
  Object.assign(document.body.dataset, { held: page.body.dataset.held, scene: page.body.dataset.scene });
  document.title = page.title;
  const replaced = parts.filter((part) => replace(part, partOf(page, part)));
  if (replaced.includes('main')) {
    enterScene(isNew);
    markChanged(rates);
    moveRows(document, before);
  }
  hear(heardOf(document));
  prepare();
}

/**
 * Puts the part in the old one's place, unless it is the same.
 * @param {string} name
 * @param {HTMLElement | null} part
 */
function replace(name, part) {
  const old = partOf(document, name);
  if (!old || !part || part.outerHTML === shown.get(name)) return false;
  shown.set(name, part.outerHTML);
  if (name === 'main') {
    leave?.();
    leave = null;
  }
  const focused = focusable(old).indexOf(/** @type {HTMLElement} */ (document.activeElement));
  old.replaceWith(part);
  focusable(part)[focused]?.focus({ preventScroll: true });
  return true;
}

/**
 * @param {Document} page
 * @param {string} name
 */
function partOf(page, name) {
  return /** @type {HTMLElement | null} */ (page.querySelector(`body > ${name}`));
}

/**
 * @param {HTMLElement} part
 * @returns {HTMLElement[]}
 */
function focusable(part) {
  return [...part.querySelectorAll('a, button')].map((element) => /** @type {HTMLElement} */ (element));
}

/**
 * Starts the script of the scene that stands in the document, if it has one.
 * @param {boolean} isNew
 */
function enterScene(isNew) {
  const main = partOf(document, 'main');
  const name = main?.dataset.script;
  if (!main || !name) return;
  const script = scripts.get(name);
  if (script) {
    leave = script.enter(main, { now: serverNow, isNew }) ?? null;
    return;
  }
  import(new URL(`.${name}`, import.meta.url).href)
    .then((module) => {
      scripts.set(name, module);
      // Unless another scene came meanwhile.
      if (main.isConnected) enterScene(isNew);
    })
    .catch((error) => console.error(error));
}

/**
 * Lets the scene draw the news itself, where it can; else the page is read anew.
 * @param {string} kind
 * @param {string} id
 * @param {string} body
 */
function tell(kind, id, body) {
  const main = partOf(document, 'main');
  const script = scripts.get(main?.dataset.script ?? '');
  if (main && script?.take?.(main, kind, body)) document.body.dataset.held = withNews(held(), id);
  else refresh();
}

function held() {
  return document.body.dataset.held ?? '';
}

/** @param {ReturnType<typeof ratesOf>} before */
function markChanged(before) {
  for (const [team, rate] of ratesOf(document)) {
    const old = before.get(team);
    const isChanged = old !== undefined && old.textContent !== rate.textContent;
    rate.parentElement?.classList.toggle('is-changed', isChanged);
  }
}

/** @param {Document} page */
function ratesOf(page) {
  return new Map(
    [...page.querySelectorAll('td.rate')].map((cell) => [
      cell.parentElement?.dataset.team,
      /** @type {HTMLElement} */ (cell),
    ]),
  );
}

function serverNow() {
  return Date.now() + (clockOffset ?? 0);
}

/** What only a script can do is offered only where it runs. */
function prepare() {
  const button = document.getElementById('fullscreen');
  if (button) button.hidden = !document.fullscreenEnabled || document.fullscreenElement !== null;
  tick();
}

function tick() {
  const clock = document.getElementById('clock');
  const until = Date.parse(clock?.getAttribute('datetime') ?? '');
  if (!clock || clockOffset === null || Number.isNaN(until)) return;
  const seconds = Math.max(0, Math.ceil((until - serverNow()) / 1000));
  const days = Math.floor(seconds / 86_400);
  const digits = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  clock.parentElement?.classList.add('is-running');
  clock.textContent = `${days > 0 ? `${days} ${dayUnit} ` : ''}${digits.join(':')}`;
}

/** @param {Date | null} since */
function sayLost(since) {
  const time = since?.toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit', timeZone });
  const text = time ? lostText.replace('{time}', time) : '';
  write('lost', text);
}

/**
 * Said anew it would be read out anew.
 * @param {string} id of a live region
 * @param {string} text
 */
function write(id, text) {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
}

// Nobody presses reload on a projector.
if ('comesBack' in document.body.dataset) setTimeout(() => location.reload(), 15_000);

if (slug !== '') {
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('#fullscreen')) document.documentElement.requestFullscreen();
  });
  document.addEventListener('fullscreenchange', prepare);
  enterScene(true);
  prepare();
  connect({
    // This file lies where the site begins.
    address: () => new URL(`api/v1/competitions/${slug}/events?after=${held()}`, import.meta.url).href,
    held,
    kinds: kinds.split(','),
    tell,
    look: refresh,
    onClock: (now) => {
      clockOffset = now - Date.now();
      tick();
    },
    sayLost,
  });
  setInterval(tick, 1000);
}
