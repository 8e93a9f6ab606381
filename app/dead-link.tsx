import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { pageLanguage } from './language.ts';

/** What stands where a link for one evening opens nothing: never did, no longer does, or was opened in another browser. */
export async function DeadLink() {
  const { t } = await pageLanguage();
  return (
    <EmptyState as="h1" title={t('stage.dead')} action={<LinkButton href="/">{t('common.not-found-home')}</LinkButton>}>
      {t('stage.dead-text')}
    </EmptyState>
  );
}
