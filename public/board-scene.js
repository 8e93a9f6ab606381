// @ts-check

/*
 * Beside the first ten the projector's page turns pages: the other teams, everybody's progress, the QR code. On a phone they all stand
 * below each other, as they do without this script; public/live.css says from which width on one at a time is shown.
 */

const turnAfterMs = 12_000;
/** Outlive a redrawn board. */
let current = 0;
let isPaused = false;

/**
 * @param {HTMLElement} main
 * @param {{ isNew: boolean }} stage
 */
export function enter(main, { isNew }) {
  const pages = [...main.querySelectorAll('.page')];
  const turns = /** @type {HTMLElement | null} */ (main.querySelector('.turns'));
  if (turns === null || pages.length === 0) return;
  if (isNew) current = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  /** A board that was redrawn stands there at once; a page that is turned fades in. */
  const show = (isTurned = false) => {
    current = (current + pages.length) % pages.length;
    pages.forEach((page, i) => {
      page.classList.toggle('is-shown', i === current);
      page.classList.toggle('is-turned', i === current && isTurned);
    });
    const place = turns.querySelector('.turned');
    if (place) place.textContent = `${current + 1} / ${pages.length}`;
    turns.querySelector('[aria-pressed]')?.setAttribute('aria-pressed', String(isPaused));
  };
  const turn = (/** @type {number} */ step) => {
    current += step;
    show(step !== 0);
  };
  const wait = () => {
    clearInterval(timer);
    if (!isPaused) timer = setInterval(() => turn(1), turnAfterMs);
  };
  const onClick = (/** @type {MouseEvent} */ { target }) => {
    const button = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('[data-turn]')) : null;
    if (button === null) return;
    const step = Number(button.dataset.turn);
    if (step === 0) isPaused = !isPaused;
    turn(step);
    wait();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    turn(step);
    wait();
  };

  main.classList.add('is-turning');
  turns.hidden = pages.length < 2;
  turns.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  show();
  wait();
  return () => {
    clearInterval(timer);
    document.removeEventListener('keydown', onKey);
  };
}
