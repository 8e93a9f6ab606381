import { useState, useSyncExternalStore } from 'react';

/** What a browser keeps of requests by default; of a page that made more, it may lack the one that is looked for. */
const mostKept = 250;

/**
 * The id of the request that brought what is shown now, as the log of the web has it; null where the browser does not say. It stands in the
 * Server-Timing of the document, and after a click on a link, an action or a new try in that of a request to the same address.
 */
export function useRequestId(): string | null {
  const [shownAt] = useState(() => performance.now());
  return useSyncExternalStore(
    onRequest,
    () => findRequestId(shownAt),
    () => null,
  );
}

/** A request is known once its answer has ended, which may be after the page is shown. */
function onRequest(changed: () => void): () => void {
  const observer = new PerformanceObserver(changed);
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}

function findRequestId(shownAt: number): string | null {
  const fetched = performance.getEntriesByType('resource');
  if (fetched.length >= mostKept) return null;
  const last = [...performance.getEntriesByType('navigation'), ...fetched]
    .filter((entry) => entry instanceof PerformanceResourceTiming)
    .filter(({ name, startTime }) => startTime <= shownAt && new URL(name).pathname === window.location.pathname)
    .sort((a, b) => a.startTime - b.startTime)
    .at(-1);
  return last?.serverTiming?.find(({ name }) => name === 'request')?.description ?? null;
}
