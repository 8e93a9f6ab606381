'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Has the page read anew every few seconds while something is under way and somebody looks. */
export function Refresher({ seconds }: { seconds: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [router, seconds]);
  return null;
}
