import { getMailState } from '#lib/db/mails.ts';
import { listUnreachable } from '#lib/db/undeliverable.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { isMailLate, MailFacts } from '../../mail-state.tsx';
import type { StaffDesk } from '../staff.ts';
import { retryMail } from './actions.ts';

/** Mails about this competition, when they are stuck or do not reach somebody: as long as they do, nobody needs to look. */
export async function MailPanel({ desk: { t, slug, competition, role } }: { desk: StaffDesk }) {
  const state = await getMailState(webDatabase(), competition.id);
  const unreachable = await listUnreachable(webDatabase(), competition.id);
  const isStuck = state.failed > 0 || isMailLate(state);
  if (role !== 'organiser' || (!isStuck && unreachable.length === 0)) return null;
  return (
    <Panel title={t('mail.state-title')}>
      {unreachable.length > 0 && (
        <Notice
          kind="warning"
          title={t('mail.state-unreachable-title', { count: unreachable.length })}
          className="mb-5"
        >
          <p>{t('mail.state-unreachable-text')}</p>
          <ul className="mt-2 list-disc pl-5">
            {unreachable.map(({ id, ...who }) => (
              <li key={id} className="wrap-anywhere">
                {t('mail.state-unreachable-line', who)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <MailFacts state={state} retry={retryMail.bind(null, slug)} />
    </Panel>
  );
}
