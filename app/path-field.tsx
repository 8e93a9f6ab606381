'use client';

import { usePathname } from 'next/navigation';

/** Tells POST /preferences which page to come back to; only the browser's router knows it after a navigation. */
export function PathField() {
  return <input type="hidden" name="back" value={usePathname()} />;
}
