import type { CurrentSession } from '#lib/auth.ts';
import { listSessions, type Session } from '#lib/db/sessions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { browserName } from '#lib/identity/browser-name.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { endOneSession, endOtherSessions } from './actions.ts';

/** Every browser that is signed in, and a button to end each. */
export async function Sessions({ session }: { session: CurrentSession }) {
  const { t } = await pageLanguage();
  const sessions = await listSessions(webDatabase(), session.user.id);
  return (
    <Panel title={t('auth.sessions-title')}>
      <ul className="divide-y divide-rule">
        {sessions.map((one) => (
          <OneSession key={one.id} session={one} isHere={one.id === session.id} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <ActionForm action={endOtherSessions} className="mt-4" label={t('auth.sessions-revoke')}>
          <SubmitButton look="secondary">{t('auth.sessions-revoke')}</SubmitButton>
        </ActionForm>
      )}
    </Panel>
  );
}

async function OneSession({ session, isHere }: { session: Session; isHere: boolean }) {
  const { t, formats } = await pageLanguage();
  const device = browserName(session.userAgent) ?? t('auth.session-unknown');
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="font-medium">
          {device} {isHere && <Chip look="accent">{t('auth.session-here')}</Chip>}
        </p>
        <p className="text-sm text-soft">
          {session.network} ·{' '}
          <time dateTime={session.lastSeenAt.toISOString()}>
            {formats.ago(Date.now() - session.lastSeenAt.getTime())}
          </time>
        </p>
      </div>
      {!isHere && (
        <ActionForm action={endOneSession} label={t('auth.session-revoke-named', { device })}>
          <input type="hidden" name="session" value={session.id} />
          <SubmitButton look="secondary" size="small" aria-label={t('auth.session-revoke-named', { device })}>
            {t('auth.session-revoke')}
          </SubmitButton>
        </ActionForm>
      )}
    </li>
  );
}
