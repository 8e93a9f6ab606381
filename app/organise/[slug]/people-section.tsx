import { listRoleHolders, type RoleHolder } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { grant, revoke } from './actions.ts';
import type { Desk } from './desk.ts';
import { Section } from './section.tsx';

/** Who runs the competition; administrators appoint and dismiss. */
export async function PeopleSection({ desk }: { desk: Desk }) {
  const { t, competition, user } = desk;
  const holders = await listRoleHolders(webDatabase(), competition.id);
  return (
    <Section id="people" title={t('organise.section-people')}>
      <p className="mb-4 max-w-prose text-soft">{t('organise.people-lead')}</p>
      {holders.length === 0 && <p>{t('organise.people-none')}</p>}
      <ul className="divide-y divide-rule">
        {holders.map((holder) => (
          <Person key={holder.id} desk={desk} holder={holder} />
        ))}
      </ul>
      {user.isAdministrator && <Grant desk={desk} />}
    </Section>
  );
}

function Person({ desk: { t, user, slug }, holder }: { desk: Desk; holder: RoleHolder }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <p className="min-w-0">
        <span className="font-medium">{holder.name}</span> <Chip>{t(`organise.role-${holder.role}`)}</Chip>{' '}
        <span className="break-all text-sm text-soft">{holder.email}</span>
      </p>
      {user.isAdministrator && (
        <ConfirmForm
          action={revoke.bind(null, slug)}
          look="danger"
          size="small"
          trigger={t('organise.revoke')}
          label={`${t('organise.revoke')}: ${holder.name}`}
          title={t('organise.revoke-title')}
          confirm={t('organise.revoke')}
          pending={t('organise.saving')}
          cancel={t('common.cancel')}
        >
          <input type="hidden" name="person" value={holder.id} />
          <p>{t('organise.revoke-text', { name: holder.name })}</p>
        </ConfirmForm>
      )}
    </li>
  );
}

function Grant({ desk: { t, slug } }: { desk: Desk }) {
  const roles = [
    { value: 'organiser', label: t('organise.role-organiser') },
    { value: 'assistant', label: t('organise.role-assistant') },
  ];
  return (
    <ActionForm action={grant.bind(null, slug)} className="mt-5 space-y-4 border-t border-rule pt-5">
      <Field
        type="email"
        name="email"
        label={t('organise.person-email')}
        hint={t('organise.person-email-hint')}
        required
        autoComplete="off"
      />
      <Select name="role" label={t('organise.role')} options={roles} />
      <SubmitButton look="secondary" pending={t('organise.granting')}>
        {t('organise.grant')}
      </SubmitButton>
    </ActionForm>
  );
}
