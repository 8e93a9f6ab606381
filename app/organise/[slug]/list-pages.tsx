import { PageLinks } from '#ui/page-links.tsx';
import type { Desk } from './desk.ts';

type Props = { desk: Desk; path: `/${string}`; page: number; pages: number };

/** The way through a long list of the console. */
export function ListPages({ desk: { t, slug }, path, page, pages }: Props) {
  const texts = {
    label: t('console.pages'),
    previous: t('console.page-previous'),
    next: t('console.page-next'),
    where: t('console.page-where', { page, pages }),
  };
  return <PageLinks path={`/organise/${slug}${path}`} page={page} pages={pages} texts={texts} />;
}
