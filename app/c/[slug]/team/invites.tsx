import { type Invite, listInvites } from '#lib/db/invites.ts';
import type { Member, Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { mailDelivery } from '#lib/identity/mail-delivery.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { LinkMaker } from '#ui/link-maker.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Visit } from '../visit.ts';
import { invite, inviteByMail, revoke } from './actions.ts';

type Props = { visit: Visit; team: Team; members: readonly Member[]; isCaptain: boolean; open: boolean };

/** How others come in, or why nobody can. Nothing once the teams are locked. */
export async function Invites({ visit, team, members, isCaptain, open }: Props) {
  const { t, competition } = visit;
  if (!open || competition.teamSize === 1) return null;
  const isFull = members.length >= competition.teamSize;
  const captain = members.find((member) => member.isCaptain)?.name;
  return (
    <Panel title={t('team.invites')}>
      {isFull && <p className="mb-4">{t('team.full', { size: competition.teamSize })}</p>}
      {!isCaptain && (
        <p className="text-soft">
          {captain === undefined ? t('team.no-captain') : t('team.invites-by-captain', { captain })}
        </p>
      )}
      {isCaptain && !isFull && <Make visit={visit} />}
      {isCaptain && <Links visit={visit} invites={await listInvites(webDatabase(), team.id)} />}
    </Panel>
  );
}

function Make({ visit: { t, slug } }: { visit: Visit }) {
  const texts = {
    make: t('team.invite'),
    making: t('team.inviting'),
    made: t('team.invite-made'),
    link: t('team.invite-link'),
    copy: t('common.copy'),
    copied: t('common.copied'),
  };
  return (
    <div className="mb-5">
      <p className="mb-4 text-soft">{t('team.invites-lead')}</p>
      <LinkMaker action={invite.bind(null, slug)} texts={texts} />
      {mailDelivery() !== 'none' && (
        <ActionForm action={inviteByMail.bind(null, slug)} className="mt-5 space-y-4" label={t('team.invite-mail')}>
          <h3 className="font-semibold">{t('team.invite-mail')}</h3>
          <Field label={t('team.invite-mail-address')} name="email" type="email" autoComplete="off" required />
          <SubmitButton look="secondary" pending={t('team.invite-mail-sending')}>
            {t('team.invite-mail-send')}
          </SubmitButton>
        </ActionForm>
      )}
    </div>
  );
}

function Links({ visit: { t, formats, competition, slug }, invites }: { visit: Visit; invites: readonly Invite[] }) {
  if (invites.length === 0) return <p className="text-sm text-soft">{t('team.invites-none')}</p>;
  const print = (at: Date) => formats.shortInstant(at, competition.timeZone);
  return (
    <ul className="divide-y divide-rule border-t border-rule">
      {invites.map((link) => (
        <li key={link.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
          <p className="text-sm">
            {t('team.invite-made-at', { at: print(link.createdAt) })},{' '}
            {t('team.invite-until', { at: print(link.expiresAt) })}
          </p>
          <ActionForm action={revoke.bind(null, slug)}>
            <input type="hidden" name="invite" value={link.id} />
            <SubmitButton look="secondary" size="small" pending={t('team.revoking')}>
              {t('team.revoke')}
            </SubmitButton>
          </ActionForm>
        </li>
      ))}
    </ul>
  );
}
