import type { Translate } from '#lib/messages/translate.ts';
import { LinkButton } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** What stands in the place of a page that exists and is not open to this reader. `reason` says why and what would open it. */
export function NoPermission({ t, reason }: { t: Translate; reason?: string }) {
  return (
    <EmptyState
      title={t('common.no-permission')}
      action={<LinkButton href="/">{t('common.not-found-home')}</LinkButton>}
    >
      {reason ?? t('common.no-permission-text')}
    </EmptyState>
  );
}
