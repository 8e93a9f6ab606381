import { useEffect, useRef, useState } from 'react';
import type { Snapshot } from '#lib/board.ts';
import { boardNews } from '#ui/board-news.ts';
import type { BoardTexts } from '#ui/board-texts.ts';
import type { Formats } from '#ui/format.ts';

/** In the last hour scores come by the second: a screen reader that read out each would say nothing else. */
const quietMilliseconds = 15_000;

/** What a polite live region says of the boards that came since it last spoke; the first change is told at once. */
export function useSpokenNews(board: Snapshot, texts: BoardTexts, formats: Formats): string {
  const [said, setSaid] = useState('');
  const told = useRef(board);
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: texts and formats are of the page's language, which stays
  useEffect(() => {
    if (board === told.current) return;
    const speak = () => {
      const news = boardNews(told.current, board, texts, formats);
      told.current = board;
      if (news === null) return;
      spokenAt.current = performance.now();
      setSaid(news);
    };
    const timer = setTimeout(speak, Math.max(0, spokenAt.current + quietMilliseconds - performance.now()));
    return () => clearTimeout(timer);
  }, [board]);
  return said;
}
