'use client';

import { useEffect, useState } from 'react';
import type { Language } from '#lib/messages/language.ts';
import { clockNow, setClock } from './clock.ts';
import { formatsFor } from './format.ts';
import { useRefresh } from './use-refresh.ts';

type Props = { until: string; absolute: string; language: Language; now?: string | undefined };

/**
 * Time left until an instant by the server's clock; the page is read anew when it has come. `now` is the server's instant at
 * rendering, left out where the page may come from a cache. Without JavaScript, and until the clock is known, it says
 * `absolute`, the instant itself.
 */
export function Countdown({ until, absolute, language, now }: Props) {
  const left = useMillisecondsLeft(until, now);
  return (
    <time dateTime={until} title={left === null ? undefined : absolute} className="whitespace-nowrap">
      {left === null ? absolute : formatsFor(language).countdown(left)}
    </time>
  );
}

function useMillisecondsLeft(until: string, now: string | undefined): number | null {
  const refreshPage = useRefresh();
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (now !== undefined) setClock(now, 'page');
    let refresh: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      const current = clockNow();
      if (current === null) return;
      const remaining = Date.parse(until) - current;
      setLeft(remaining);
      // Spread out, so that a full lecture hall does not ask in the same instant.
      if (remaining <= 0 && remaining > -2000 && !refresh)
        refresh = setTimeout(refreshPage, 1000 + 8000 * Math.random());
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => {
      clearInterval(timer);
      clearTimeout(refresh);
    };
  }, [until, now, refreshPage]);
  return left;
}
