import { LinkButton } from '#ui/button.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from './language.ts';

export default async function NotFoundPage() {
  const { t } = await pageLanguage();
  return (
    <>
      <title>{`${t('common.not-found')} · Rostrum`}</title>
      <PageTitle lead={t('common.not-found-text')}>{t('common.not-found')}</PageTitle>
      <LinkButton href="/">{t('common.not-found-home')}</LinkButton>
    </>
  );
}
