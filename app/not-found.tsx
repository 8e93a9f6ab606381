import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { pageLanguage } from './language.ts';

export default async function NotFoundPage() {
  const { t } = await pageLanguage();
  return (
    <>
      <title>{`${t('common.not-found')} · Rostrum`}</title>
      <h1 className="sr-only">{t('common.not-found')}</h1>
      <EmptyState title={t('common.not-found')} action={<LinkButton href="/">{t('common.not-found-home')}</LinkButton>}>
        {t('common.not-found-text')}
      </EmptyState>
    </>
  );
}
