// @ts-check
/*
 * The clock of the talk on the audience's page: counts down by the server's clock to an instant, says when little is left, and counts
 * up once it is over. lib/stage.ts has the same text for pages drawn by React; a test holds both together.
 */

/** So many signs stand across a phone in the largest letters: `59:59`, and not `+10:00`. */
const mostLarge = 5;

/**
 * @param {HTMLElement} main
 * @param {{ now(): number }} stage
 * @returns {() => void} ends the counting
 */
export function enter(main, stage) {
  const place = /** @type {HTMLElement | null} */ (main.querySelector('.talk-clock'));
  if (!place) return () => {};
  const draw = () => drawClock(place, stage.now());
  draw();
  const timer = setInterval(draw, 200);
  return () => clearInterval(timer);
}

/**
 * @param {HTMLElement} place
 * @param {number} now
 */
function drawClock(place, now) {
  const { endsAt, leftMs, warningMs, warning = '', over = '' } = place.dataset;
  const left = endsAt === undefined ? Number(leftMs) : Date.parse(endsAt) - now;
  const isOver = left <= 0;
  const isWarning = !isOver && left <= Number(warningMs);
  place.classList.toggle('is-over', isOver);
  place.classList.toggle('is-warning', isWarning);
  const [time, said] = place.children;
  const text = clockText(left);
  place.classList.toggle('is-long', text.length > mostLarge);
  if (time) write(time, text);
  if (said && endsAt !== undefined) write(said, isOver ? over : isWarning ? warning : '');
}

/**
 * Only what changed: a screen reader tells of every writing.
 * @param {Element} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {number} leftMs */
export function clockText(leftMs) {
  const seconds = leftMs > 0 ? Math.ceil(leftMs / 1000) : Math.floor(-leftMs / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const digits = hours > 0 ? [hours, pair(minutes), pair(rest)] : [minutes, pair(rest)];
  return `${leftMs <= -1000 ? '+' : ''}${digits.join(':')}`;
}

/** @param {number} part */
function pair(part) {
  return String(part).padStart(2, '0');
}
