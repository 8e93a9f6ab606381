// @ts-check
import { fill } from './reveal-format.js';

/*
 * What somebody hears who does not see a board move, and how often; the same for the pages and for the audience's.
 */

/** A row of a board as it reads. `wer`: in percent, null before the first score; `place`: null for who is not ranked. */
/** @typedef {{ teamId: string, team: string, wer: string | null, place: string | null }} Line */
/** @typedef {{ news: string, newsPlace: string, newsPlain: string, newsMore: string }} Words */

/** As many as one listens to. */
const mostNamed = 3;
/** In the last hour scores come by the second: a screen reader that read out each would say nothing else. */
const quietMilliseconds = 15_000;

/**
 * The teams whose number changed between two boards, the best first, three of them by name. Null where no number changed.
 * @param {readonly Line[]} before
 * @param {readonly Line[]} after
 * @param {Words} words
 */
export function boardNews(before, after, words) {
  const earlier = new Map(before.map(({ teamId, wer }) => [teamId, wer]));
  const changed = after.filter(({ teamId, wer }) => wer !== null && wer !== (earlier.get(teamId) ?? null));
  if (changed.length === 0) return null;
  const named = changed.slice(0, mostNamed).map(({ team, wer, place }) => {
    // What is not ranked, the baseline, has no place to be told.
    if (place === null) return fill(words.newsPlain, { team, wer: String(wer) });
    return fill(words.newsPlace, { team, wer: String(wer), place });
  });
  const others = changed.length - named.length;
  if (others > 0) named.push(fill(words.newsMore, { count: others }));
  return fill(words.news, { teams: named.join('; ') });
}

/**
 * For a polite live region: what changed since it last spoke, the first change at once, later ones every quarter of a minute.
 * @template T
 * @param {T} first what is shown when the page begins
 * @param {(before: T, after: T) => string | null} newsOf
 * @param {(news: string) => void} say
 * @returns {(shown: T) => void} to be told of all that is shown afterwards
 */
export function speaker(first, newsOf, say) {
  let told = first;
  let spokenAt = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  return (shown) => {
    clearTimeout(waiting);
    const speak = () => {
      const news = newsOf(told, shown);
      told = shown;
      if (news === null) return;
      spokenAt = performance.now();
      say(news);
    };
    waiting = setTimeout(speak, Math.max(0, spokenAt + quietMilliseconds - performance.now()));
  };
}
