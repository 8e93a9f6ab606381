'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { withNext } from '#lib/identity/local-path.ts';

/*
 * What the header knows of the page it stands over. It is drawn once and stays through navigations, so only the browser's router
 * can tell; on the server both print the first page's path.
 */

/** Tells POST /preferences which page to come back to. */
export function PathField() {
  return <input type="hidden" name="back" value={usePathname()} />;
}

/** Leads to the sign-in page, and from there back here. */
export function SignInLink({ label, className }: { label: string; className: string }) {
  return (
    <Link href={withNext('/sign-in', usePathname())} prefetch={false} className={className}>
      {label}
    </Link>
  );
}
