'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { Pending } from './pending.tsx';

export type Tab = { href: string; label: string };

/** The pages of one thing as a row of links; the present one is marked and scrolled into view on a phone. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const path = usePathname();
  const current = tabs.find(({ href }) => path === href || (path.startsWith(`${href}/`) && !isAbove(href, tabs)));
  const row = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab is another after each navigation
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (tab && row.current) row.current.scrollLeft = tab.offsetLeft - row.current.clientWidth / 3;
  }, [path]);
  return (
    <nav aria-label={label} className="screen-only -mx-4 sm:mx-0">
      <ul ref={row} className="tabs relative flex gap-x-6 overflow-x-auto px-4 sm:px-0">
        {tabs.map((tab) => (
          <li key={tab.href} className="shrink-0">
            <Link
              href={tab.href}
              prefetch={false}
              aria-current={tab === current ? 'page' : undefined}
              className="block border-b-2 border-transparent py-3 text-soft hover:text-ink aria-[current]:border-ink aria-[current]:font-semibold aria-[current]:text-ink"
            >
              <Pending>{tab.label}</Pending>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A page above the others is only itself: what stands below it without a tab has none. */
function isAbove(href: string, tabs: readonly Tab[]): boolean {
  return tabs.some((tab) => tab.href.startsWith(`${href}/`));
}
