import { withNext } from '#lib/identity/local-path.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { pageLanguage } from '../../../language.ts';

/** In the place of hidden labels, for an organiser whose sign-in is too long ago. `path`: the page they come back to. */
export async function ConfirmFirst({ path }: { path: string }) {
  const { t } = await pageLanguage();
  const action = <LinkButton href={withNext('/sign-in/again', path)}>{t('labels.confirm')}</LinkButton>;
  return (
    <EmptyState title={t('labels.confirm-title')} action={action}>
      {t('labels.confirm-why')}
    </EmptyState>
  );
}
