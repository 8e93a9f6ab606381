import type { Metadata } from 'next';
import { listRoleHolders, type RoleHolder } from '#lib/db/organisers.ts';
import { listRoleInvites, type RoleInvite } from '#lib/db/role-invites.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { type StaffDesk, staff } from '../staff.ts';
import { offer, revoke, withdrawInvite } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('people.title') };
}

/** Who runs the competition and who assists; organisers appoint both. */
export default async function PeoplePage({ params }: Props) {
  const d = await staff((await params).slug);
  const holders = await listRoleHolders(webDatabase(), d.competition.id);
  const invites = await listRoleInvites(webDatabase(), d.competition.id);
  return (
    <>
      <PageTitle lead={d.t('people.lead')}>{d.t('people.title')}</PageTitle>
      <div className="space-y-6">
        <Panel>
          {holders.length === 0 && <p>{d.t('people.none')}</p>}
          <ul className="divide-y divide-rule">
            {holders.map((holder) => (
              <Holder key={holder.id} desk={d} holder={holder} />
            ))}
          </ul>
        </Panel>
        {invites.length > 0 && (
          <Panel title={d.t('people.invites')}>
            <ul className="divide-y divide-rule">
              {invites.map((invite) => (
                <Invited key={invite.id} desk={d} invite={invite} />
              ))}
            </ul>
          </Panel>
        )}
        {d.role === 'organiser' && <Offer desk={d} />}
      </div>
    </>
  );
}

function Holder({ desk: { t, role, slug }, holder }: { desk: StaffDesk; holder: RoleHolder }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <p className="min-w-0">
        <span className="font-medium">{holder.name}</span> <Chip>{t(`organise.role-${holder.role}`)}</Chip>{' '}
        <span className="break-all text-sm text-soft">{holder.email}</span>
      </p>
      {role === 'organiser' && (
        <ConfirmForm
          action={revoke.bind(null, slug)}
          look="danger"
          size="small"
          trigger={t('people.remove')}
          label={`${t('people.remove')}: ${holder.name}`}
          title={t('people.remove-title')}
          confirm={t('people.remove')}
          pending={t('people.working')}
          cancel={t('common.cancel')}
        >
          <input type="hidden" name="person" value={holder.id} />
          <p>{t('people.remove-text', { name: holder.name })}</p>
        </ConfirmForm>
      )}
    </li>
  );
}

function Invited({ desk: { t, role, slug, print }, invite }: { desk: StaffDesk; invite: RoleInvite }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <p className="min-w-0">
        <span className="break-all font-medium">{invite.email}</span> <Chip>{t(`organise.role-${invite.role}`)}</Chip>{' '}
        <span className="text-sm text-soft">
          {t('people.invited-at', { at: print(invite.createdAt), until: print(invite.endsAt) })}
        </span>
      </p>
      {role === 'organiser' && (
        <ActionForm action={withdrawInvite.bind(null, slug)}>
          <input type="hidden" name="invite" value={invite.id} />
          <SubmitButton
            look="secondary"
            size="small"
            pending={t('people.working')}
            aria-label={`${t('people.withdraw-invite')}: ${invite.email}`}
          >
            {t('people.withdraw-invite')}
          </SubmitButton>
        </ActionForm>
      )}
    </li>
  );
}

function Offer({ desk: { t, slug } }: { desk: StaffDesk }) {
  const roles = (['assistant', 'organiser'] as const).map((role) => ({
    value: role,
    label: t(`organise.role-${role}`),
  }));
  return (
    <Panel title={t('people.add')}>
      <ActionForm action={offer.bind(null, slug)} className="space-y-4">
        <Field
          type="email"
          name="email"
          label={t('people.add-email')}
          hint={t('people.add-email-hint')}
          required
          autoComplete="off"
        />
        <Select name="role" label={t('people.role')} options={roles} />
        <SubmitButton pending={t('people.adding')}>{t('people.add')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
