'use client';

import { useEffect, useEffectEvent, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import type { Snapshot } from '#lib/board.ts';

/** A short break, such as a server's restart, is not worth a word. */
const silenceMilliseconds = 4000;
const retryMilliseconds = 5000;

type News = {
  /** The board that the page shows: only newer ones are sent. */
  version: number;
  onBoard: (board: Snapshot) => void;
  /** A boundary of the timetable has passed: what stands above the board says something else now. */
  onPhase: () => void;
};

/**
 * Follows a competition's events while the page is looked at. Returns since when it has been cut off, in milliseconds since
 * 1970 by the reader's clock; null while it is connected.
 */
export function useLiveUpdates(slug: string, news: News): number | null {
  const [lostAt, setLostAt] = useState<number | null>(null);
  const onBoard = useEffectEvent((event: MessageEvent<string>) => news.onBoard(JSON.parse(event.data)));
  const onPhase = useEffectEvent(news.onPhase);
  const version = useEffectEvent(() => news.version);

  useEffect(() => {
    let source: EventSource | null = null;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;

    const open = () => {
      close();
      source = new EventSource(withBase(`/api/v1/competitions/${slug}/events?after=${version()}`));
      source.onopen = () => {
        clearTimeout(silence);
        silence = undefined;
        setLostAt(null);
      };
      source.onerror = () => {
        const since = Date.now();
        silence ??= setTimeout(() => setLostAt(since), silenceMilliseconds);
        // The browser tries again by itself, unless the server's answer was final.
        if (source?.readyState === EventSource.CLOSED)
          retry = setTimeout(open, retryMilliseconds * (1 + Math.random()));
      };
      source.addEventListener('board', (event) => onBoard(event));
      source.addEventListener('phase', () => onPhase());
    };
    const close = () => {
      clearTimeout(retry);
      source?.close();
    };
    // A tab that nobody looks at holds no connection: browsers allow six to one server.
    const follow = () => (document.hidden ? close() : open());

    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      clearTimeout(silence);
      close();
    };
  }, [slug]);
  return lostAt;
}
