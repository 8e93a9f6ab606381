'use client';

import { useLinkStatus } from 'next/link';
import type { ReactNode } from 'react';

/** Inside a link: pulses while the page it leads to is on the way, the only wait that a navigation shows. */
export function Pending({ children }: { children: ReactNode }) {
  const { pending } = useLinkStatus();
  return <span className={pending ? 'animate-pulse' : undefined}>{children}</span>;
}
