'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import { Button } from '#ui/button.tsx';

type Props = { slug: string; id: string; edition: number; title: string; label: string; read: string; dismiss: string };

const oneYearSeconds = 365 * 24 * 60 * 60;
const cookieName = 'rostrum-news';

/**
 * The newest announcement above every page of its competition, until this browser has dismissed or read this wording of it. The
 * browser alone knows: some of these pages are the same for everybody.
 */
export function NewsBanner({ slug, id, edition, title, label, read, dismiss }: Props) {
  const [isDismissed, setDismissed] = useState(false);
  const mark = `${id}.${edition}`;
  const isRead = usePathname() === `/c/${slug}/news`;
  useEffect(() => {
    if (isRead) remember(slug, mark);
    setDismissed(document.cookie.split('; ').includes(`${cookieName}=${mark}`));
  }, [slug, mark, isRead]);
  if (isDismissed || isRead) return null;
  const close = () => {
    remember(slug, mark);
    setDismissed(true);
  };
  return (
    <aside
      aria-label={label}
      className="screen-only mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-xl border border-line bg-raised px-4 py-2"
    >
      <p className="min-w-0">
        <span className="text-sm text-soft">{label}:</span> <span className="font-semibold">{title}</span>{' '}
        <Link href={`/c/${slug}/news#${id}`} prefetch={false} className="link">
          {read}
        </Link>
      </p>
      <Button look="quiet" size="small" onClick={close}>
        {dismiss}
      </Button>
    </aside>
  );
}

function remember(slug: string, mark: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser
  document.cookie = `${cookieName}=${mark}; Path=${withBase(`/c/${slug}`)}; Max-Age=${oneYearSeconds}; SameSite=Lax`;
}
