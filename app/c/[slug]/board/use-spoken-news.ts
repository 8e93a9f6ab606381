import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '#lib/board.ts';
import type { BoardTexts } from '#ui/board-texts.ts';
import type { Formats } from '#ui/format.ts';
import { boardNews, type Line, speaker } from '../../../../public/spoken-news.js';

/** What a polite live region says of the boards that came since it last spoke. */
export function useSpokenNews(board: Snapshot, texts: BoardTexts, formats: Formats): string {
  const [said, setSaid] = useState('');
  const tell = useRef<((board: Snapshot) => void) | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: texts and formats are of the page's language, which stays
  useEffect(() => {
    const newsOf = (before: Snapshot, after: Snapshot) =>
      boardNews(linesOf(before, formats), linesOf(after, formats), texts);
    tell.current ??= speaker(board, newsOf, setSaid);
    tell.current(board);
  }, [board]);
  return said;
}

function linesOf({ rows }: Snapshot, formats: Formats): Line[] {
  return rows.map(({ teamId, team, wer, rank }) => ({
    ...{ teamId, team },
    wer: wer === null ? null : formats.rate(wer),
    place: rank === null ? null : formats.number(rank),
  }));
}
