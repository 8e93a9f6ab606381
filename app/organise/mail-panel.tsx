import { getMailState, listFailedMails } from '#lib/db/mails.ts';
import { listUndeliverable } from '#lib/db/undeliverable.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../language.ts';
import { retryAllMails } from './actions.ts';
import { MailFacts } from './mail-state.tsx';

const shownFailures = 20;

/** Mail of the whole installation, with the addresses that nothing reached: for administrators. */
export async function MailPanel() {
  const { t } = await pageLanguage();
  const state = await getMailState(webDatabase());
  const failed = await listFailedMails(webDatabase(), shownFailures);
  const undeliverable = await listUndeliverable(webDatabase(), shownFailures);
  return (
    <Panel title={t('mail.state-title')}>
      <MailFacts state={state} retry={retryAllMails} />
      {failed.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 font-semibold">{t('mail.state-failed-title')}</h3>
          <ul className="divide-y divide-rule border-y border-rule">
            {failed.map(({ id, recipient, subject, reason }) => (
              <li key={id} className="wrap-anywhere py-3">
                <p>{t('mail.state-failed-line', { recipient, subject })}</p>
                <p className="text-sm text-soft">{reason}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      {undeliverable.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 font-semibold">{t('mail.state-undeliverable')}</h3>
          <p className="mb-3 max-w-prose text-soft">{t('mail.state-undeliverable-text')}</p>
          <ul className="divide-y divide-rule border-y border-rule">
            {undeliverable.map(({ email, reason }) => (
              <li key={email} className="wrap-anywhere py-3">
                <p>{email}</p>
                <p className="text-sm text-soft">{reason}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
