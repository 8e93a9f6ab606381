import Link from 'next/link';

/** Which part of a list is shown, of a `page` as it came in the address: anything else is the first, and past the end the last. */
export function pageOf(asked: unknown, total: number, size: number) {
  const pages = Math.max(1, Math.ceil(total / size));
  const wanted = typeof asked === 'string' && /^\d{1,6}$/.test(asked) ? Number(asked) : 1;
  const page = Math.min(pages, Math.max(1, wanted));
  return { page, pages, offset: (page - 1) * size };
}

type Props = {
  /** Of the list, without a query. */
  path: string;
  page: number;
  pages: number;
  texts: Record<'label' | 'previous' | 'next' | 'where', string>;
};

/** The way through a long list; nothing where it has one page. `where` says which of how many. */
export function PageLinks({ path, page, pages, texts }: Props) {
  if (pages === 1) return null;
  return (
    <nav aria-label={texts.label} className="mt-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
      {page > 1 ? (
        <Link href={`${path}?page=${page - 1}`} prefetch={false} className="link">
          ← {texts.previous}
        </Link>
      ) : (
        <span />
      )}
      <span className="text-sm text-soft">{texts.where}</span>
      {page < pages ? (
        <Link href={`${path}?page=${page + 1}`} prefetch={false} className="link">
          {texts.next} →
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}
