'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { withBase } from '#lib/base-path.ts';

type Props = { id: string; state: string; position: number | null; watching: string; lost: string };

const shortestWaitMs = 1000;
const longestWaitMs = 10_000;

/**
 * Waits for news of a submission and has the page read anew when there are some: the server alone decides what is shown. Asks
 * less often the longer nothing happens, and not at all while nobody looks.
 */
export function Watch({ id, state, position, watching, lost }: Props) {
  const router = useRouter();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let waitMs = shortestWaitMs;
    const schedule = () => {
      timer = setTimeout(ask, waitMs);
      waitMs = Math.min(longestWaitMs, waitMs * 1.4);
    };
    const ask = async () => {
      if (document.hidden) return schedule();
      const seen = await stateOf(id);
      setLost(seen === null);
      if (seen !== null && (seen.state !== state || seen.queuePosition !== position)) router.refresh();
      schedule();
    };
    schedule();
    return () => clearTimeout(timer);
  }, [id, state, position, router]);
  return (
    <p role="status" className="text-sm text-soft">
      {isLost ? lost : watching}
    </p>
  );
}

async function stateOf(id: string): Promise<{ state: string; queuePosition: number | null } | null> {
  try {
    const response = await fetch(withBase(`/api/v1/submissions/${id}`), { cache: 'no-store' });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
