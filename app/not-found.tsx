import type { Metadata } from 'next';
import { LinkButton } from '#ui/button.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from './language.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('common.not-found') };
}

/** The server draws it wherever a page finds nothing as well, for readers without scripts (bin/server/missing-pages.ts). */
export default async function NotFoundPage() {
  const { t } = await pageLanguage();
  return (
    <>
      <PageTitle lead={t('common.not-found-text')}>{t('common.not-found')}</PageTitle>
      <LinkButton href="/">{t('common.not-found-home')}</LinkButton>
    </>
  );
}
