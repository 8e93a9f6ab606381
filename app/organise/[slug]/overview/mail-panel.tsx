import { getMailState } from '#lib/db/mails.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import { isMailLate, MailFacts } from '../../mail-state.tsx';
import type { StaffDesk } from '../staff.ts';
import { retryMail } from './actions.ts';

/** Mails about this competition, when they are stuck: as long as they leave, nobody needs to look. */
export async function MailPanel({ desk: { t, slug, competition, role } }: { desk: StaffDesk }) {
  const state = await getMailState(webDatabase(), competition.id);
  if (role !== 'organiser' || (state.failed === 0 && !isMailLate(state))) return null;
  return (
    <Panel title={t('mail.state-title')}>
      <MailFacts state={state} retry={retryMail.bind(null, slug)} />
    </Panel>
  );
}
