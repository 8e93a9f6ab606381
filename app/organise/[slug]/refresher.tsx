'use client';

import { useEffect } from 'react';
import { useRefresh } from '#ui/use-refresh.ts';

/** Has the page read anew every few seconds while something is under way and somebody looks. */
export function Refresher({ seconds }: { seconds: number }) {
  const refresh = useRefresh();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void refresh();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [refresh, seconds]);
  return null;
}
