import { useEffect, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import { useRefresh } from './use-refresh.ts';

/** Asked without being told, where events do not come through. */
const lookAgainMs = 10_000;

/** Has the page read anew whenever somebody presses a button of the stage; false while news cannot come. */
export function useStage(slug: string): boolean {
  const refresh = useRefresh();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    let wasLost = false;
    let isOpen = false;
    const events = new EventSource(withBase(`/api/v1/competitions/${slug}/events`));
    events.onopen = () => {
      isOpen = true;
      setConnected(true);
      if (wasLost) refresh();
      wasLost = false;
    };
    events.onerror = () => {
      isOpen = false;
      wasLost = true;
      // A competition that nobody knows of yet has no stream, and still a remote to try.
      if (events.readyState !== EventSource.CLOSED) setConnected(false);
    };
    events.addEventListener('talk', () => refresh());
    const timer = setInterval(() => isOpen || refresh(), lookAgainMs);
    return () => {
      events.close();
      clearInterval(timer);
    };
  }, [slug, refresh]);
  return isConnected;
}
