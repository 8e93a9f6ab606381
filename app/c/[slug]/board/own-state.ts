'use client';

import { useEffect, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import { setClock } from '#ui/clock.ts';

/** What GET …/me answers: who looks at this competition, whatever page brought them. */
export type OwnState = {
  now: string;
  team: { id: string; name: string } | null;
  quota: { used: number; limit: number; resetsAt: string } | null;
};

/**
 * The viewer's own state, asked for apart from the page, which is the same for everybody and may come from a cache; also sets
 * the server's clock. Null until it is known, and for good where it cannot be had: the page then stays everybody's.
 */
export function useOwnState(slug: string): OwnState | null {
  const [own, setOwn] = useState<OwnState | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    fetch(withBase(`/api/v1/competitions/${slug}/me`), { cache: 'no-store', signal: ending.signal })
      .then(async (response) => {
        if (!response.ok) return;
        const state: OwnState = await response.json();
        setClock(state.now, 'answer');
        setOwn(state);
      })
      .catch(() => {});
    return () => ending.abort();
  }, [slug]);
  return own;
}
