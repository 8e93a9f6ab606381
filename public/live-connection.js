// @ts-check
import { isNewer } from './live-news.js';

/*
 * How the audience's page hears of changes: by events, and where they do not come through (a proxy that keeps answers back until they
 * are whole) by asking now and then. Every wait has chance in it: a hall full of phones must not ask in the same moment.
 */

/**
 * @typedef {object} Page
 * @property {() => string} address of the events, with what the page has
 * @property {() => string} held the ids of the news that the page shows, as lib/live-news.ts writes them
 * @property {readonly string[]} kinds of news
 * @property {(kind: string, id: string, body: string) => void} tell news that the page does not show yet
 * @property {() => Promise<boolean>} look reads the page anew where it has changed; whether the server answered
 * @property {(now: number) => void} onClock the server's time, in milliseconds since 1970
 * @property {(since: Date | null) => void} sayLost when the server was heard last; null once it is heard again
 */

/** How long until the page looks for itself: while events come, while none do, and while nothing does. */
const lookAfterMs = { told: 60_000, untold: 12_000, lost: 4_000 };
/** A server that restarts is back by then. */
const patienceMs = 4_000;

/** @param {Page} page */
export function connect(page) {
  /** @type {EventSource | null} */
  let events = null;
  /** @type {keyof typeof lookAfterMs} */
  let standing = 'untold';
  let heardAt = new Date();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let looking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reopening;

  /** @param {number} [ms] */
  const lookAfter = (ms = lookAfterMs[standing]) => {
    clearTimeout(looking);
    looking = setTimeout(look, ms * (0.75 + 0.5 * Math.random()));
  };
  /** @param {'told' | 'untold'} now */
  const heard = (now) => {
    standing = now;
    heardAt = new Date();
    page.sayLost(null);
    lookAfter();
  };
  const look = async () => {
    if (await page.look()) return heard(standing === 'told' ? 'told' : 'untold');
    standing = 'lost';
    page.sayLost(heardAt);
    lookAfter();
  };

  const open = () => {
    close();
    events = new EventSource(page.address());
    events.addEventListener('clock', ({ data }) => {
      page.onClock(Date.parse(JSON.parse(data).now));
      heard('told');
    });
    for (const kind of page.kinds) {
      events.addEventListener(kind, ({ lastEventId, data }) => {
        heard('told');
        if (isNewer(lastEventId, page.held())) page.tell(kind, lastEventId, data);
      });
    }
    // A boundary of the timetable has passed: everybody's page changes, and nobody is in a hurry.
    events.addEventListener('phase', () => {
      heard('told');
      setTimeout(page.look, 3000 * Math.random());
    });
    events.onerror = () => {
      if (standing === 'told') {
        standing = 'untold';
        lookAfter(patienceMs);
      }
      // The browser tries again by itself, unless the server's answer was final.
      if (events?.readyState === EventSource.CLOSED) reopening = setTimeout(open, 5000 * (1 + Math.random()));
    };
  };
  const close = () => {
    clearTimeout(reopening);
    events?.close();
  };
  // A page that nobody looks at holds no connection, and is up to date a moment after somebody does.
  const follow = () => {
    if (document.hidden) {
      clearTimeout(looking);
      close();
    } else {
      open();
      lookAfter(patienceMs);
    }
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  addEventListener('online', () => {
    open();
    lookAfter(500);
  });
  addEventListener('offline', look);
}
