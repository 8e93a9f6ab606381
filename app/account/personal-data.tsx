import Link from 'next/link';
import type { CurrentSession } from '#lib/auth.ts';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import type { Query } from '../sign-in/way-back.ts';
import { Again } from './again.tsx';

/** All that is kept about the person, given out to who has lately proven who they are. A form of the browser: a download is no page. */
export async function PersonalData({ session, search }: { session: CurrentSession; search: Query }) {
  const { t } = await pageLanguage();
  return (
    <Panel title={t('auth.export-title')}>
      <p className="mb-5 text-soft">{t('auth.export-lead')}</p>
      {search.export === 'export-running' && <Notice kind="warning">{t('common.error-export-running')}</Notice>}
      {search.export === 'too-many-attempts' && <Notice kind="warning">{t('auth.export-too-often')}</Notice>}
      {session.isFresh ? (
        <form action="/account/export" method="post">
          <SubmitButton look="secondary">{t('auth.export')}</SubmitButton>
        </form>
      ) : (
        <Again why={t('auth.export-confirm')} />
      )}
      <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <Link href="/docs/teams/personal-data" className="link">
          {t('auth.export-shape')}
        </Link>
        <Link href="/privacy" className="link">
          {t('auth.export-privacy')}
        </Link>
      </p>
    </Panel>
  );
}
