import type { BoardRow, Snapshot } from '#lib/board.ts';
import type { BoardTexts } from './board-texts.ts';
import type { Formats } from './format.ts';

/** As many as one listens to. */
const mostNamed = 3;

/**
 * What somebody hears who does not see the board move: the teams whose number changed between two boards, the best first, three of them by
 * name. Null where no number changed.
 */
export function boardNews(before: Snapshot, after: Snapshot, texts: BoardTexts, formats: Formats): string | null {
  const earlier = new Map(before.rows.map((row) => [row.teamId, row.wer]));
  const changed = after.rows.filter(({ teamId, wer }) => wer !== null && wer !== (earlier.get(teamId) ?? null));
  if (changed.length === 0) return null;
  const named = changed.slice(0, mostNamed).map((row) => sentence(row, texts, formats));
  const others = changed.length - named.length;
  if (others > 0) named.push(texts.newsMore.replace('{count}', () => formats.number(others)));
  return texts.news.replace('{teams}', () => named.join('; '));
}

function sentence({ team, wer, rank }: BoardRow, texts: BoardTexts, formats: Formats): string {
  const rate = formats.percent(wer ?? 0);
  // What is not ranked, the baseline, has no place to be told.
  if (rank === null) return `${team}: ${rate}`;
  const values: Record<string, string> = { team, wer: rate, place: formats.number(rank) };
  return texts.newsPlace.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');
}
