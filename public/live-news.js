// @ts-check

/*
 * What a page shows and what it is told of, by the ids of lib/live-news.ts: `12`, `reveal-5`; of what it shows `12,reveal-5`.
 */

/**
 * Whether the page shows something older of its kind, or nothing.
 * @param {string} id
 * @param {string} held
 */
export function isNewer(id, held) {
  const [kind, version] = partsOf(id);
  return !all(held).some(([other, shown]) => other === kind && shown >= version);
}

/**
 * Whether something of what the ids name is shown in a newer version.
 * @param {string} ids
 * @param {string} held
 */
export function isOlder(ids, held) {
  return all(ids).some(([kind, version]) => all(held).some(([other, shown]) => other === kind && shown > version));
}

/**
 * What the page shows once it shows the news, too.
 * @param {string} held
 * @param {string} id
 */
export function withNews(held, id) {
  const others = held.split(',').filter((other) => partsOf(other)[0] !== partsOf(id)[0]);
  return [...others, id].join();
}

/** @param {string} ids */
function all(ids) {
  return ids.split(',').map(partsOf);
}

/**
 * @param {string} id
 * @returns {[kind: string, version: number]}
 */
function partsOf(id) {
  const dash = id.lastIndexOf('-');
  return [id.slice(0, Math.max(dash, 0)), Number(id.slice(dash + 1))];
}
