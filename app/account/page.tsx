import type { Metadata } from 'next';
import { type CurrentSession, requireSession } from '#lib/auth.ts';
import { listCoursesOfStudent } from '#lib/db/courses.ts';
import { listOrganisedCompetitions } from '#lib/db/organisers.ts';
import { type Account, getAccount } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Checkbox, Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { CurrentPasswordField, NameField, NewPasswordField } from '../confirm/forms.tsx';
import { pageLanguage } from '../language.ts';
import { MailNote } from '../sign-in/door.tsx';
import type { Search } from '../sign-in/way-back.ts';
import { eraseAccount, mailPasswordLink, saveProfile, setPassword, signOut } from './actions.ts';
import { Address, AddressChanged } from './address.tsx';
import { Again } from './again.tsx';
import { MailRefused } from './mail-refused.tsx';
import { Mails } from './mails.tsx';
import { PersonalData } from './personal-data.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';
import { JourneyNotice, Ways } from './ways.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.account-title') };
}

export default async function AccountPage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const session = await requireSession();
  const account = await getAccount(webDatabase(), session.user.id);
  return (
    <>
      <PageTitle lead={account.email} actions={<Actions account={account} />}>
        {t('auth.account-title')}
      </PageTitle>
      <MailRefused account={account} />
      <JourneyNotice search={await searchParams} />
      <AddressChanged email={account.email} search={await searchParams} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <div className="grid gap-6">
          <Profile account={account} />
          <Address session={session} account={account} />
          <Ways session={session} account={account} />
          <Mails userId={account.id} />
          {account.passwordHash === null ? <NoPassword /> : <Password />}
        </div>
        <div className="grid gap-6">
          <Sessions session={session} />
          <Tokens userId={account.id} />
          <PersonalData session={session} search={await searchParams} />
          <Erasure session={session} />
        </div>
      </div>
    </>
  );
}

async function Actions({ account }: { account: Account }) {
  const { t } = await pageLanguage();
  const organises = account.isAdministrator || (await listOrganisedCompetitions(webDatabase(), account)).length > 0;
  const learns = (await listCoursesOfStudent(webDatabase(), account.id)).length > 0;
  return (
    <>
      {learns && (
        <LinkButton href="/course" look="secondary">
          {t('course.all')}
        </LinkButton>
      )}
      {organises && (
        <LinkButton href="/organise" look="secondary">
          {t('organise.title')}
        </LinkButton>
      )}
      <form action={signOut}>
        <SubmitButton look="secondary">{t('auth.sign-out')}</SubmitButton>
      </form>
    </>
  );
}

async function Profile({ account }: { account: Account }) {
  const { t, language } = await pageLanguage();
  const hint = language === account.language ? {} : { hint: t('auth.language-differs') };
  const options = [
    { value: 'ru', label: t('common.language-ru') },
    { value: 'en', label: t('common.language-en') },
  ];
  return (
    <Panel title={t('auth.profile-title')}>
      <ActionForm action={saveProfile} className="space-y-5" label={t('auth.profile-title')}>
        <NameField name={account.name} />
        <Select
          label={t('auth.language')}
          name="language"
          options={options}
          defaultValue={account.language}
          {...hint}
        />
        <SubmitButton pending={t('common.saving')}>{t('common.save')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

async function Password() {
  const { t } = await pageLanguage();
  return (
    <Panel title={t('auth.password-title')}>
      <ActionForm action={setPassword} className="space-y-5" label={t('auth.password-title')}>
        <CurrentPasswordField />
        <NewPasswordField label={t('auth.new-password')} />
        <Checkbox name="tokens" label={t('auth.password-revokes-tokens')} />
        <SubmitButton pending={t('common.saving')}>{t('auth.password-change')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

async function NoPassword() {
  const { t } = await pageLanguage();
  return (
    <Panel title={t('auth.password-title')}>
      <p className="mb-5">{t('auth.password-none')}</p>
      <ActionForm action={mailPasswordLink} label={t('auth.password-title')}>
        <SubmitButton look="secondary" pending={t('auth.sending')}>
          {t('auth.password-send')}
        </SubmitButton>
      </ActionForm>
      <MailNote />
    </Panel>
  );
}

async function Erasure({ session }: { session: CurrentSession }) {
  const { t } = await pageLanguage();
  return (
    <Panel title={t('auth.erase-title')}>
      <p className="mb-5 text-soft">{t('auth.erase-lead')}</p>
      {session.isFresh ? (
        <ConfirmForm
          action={eraseAccount}
          look="danger"
          trigger={t('auth.erase')}
          title={t('auth.erase-ask')}
          confirm={t('auth.erase-confirm')}
          pending={t('auth.erase-pending')}
          cancel={t('common.cancel')}
        >
          <p>{t('auth.erase-cannot-undo')}</p>
          <p>{t('auth.erase-team')}</p>
          <p>{t('auth.erase-log')}</p>
          <Field label={t('auth.erase-type')} name="email" type="email" autoComplete="off" required />
        </ConfirmForm>
      ) : (
        <Again why={t('auth.erase-first')} />
      )}
    </Panel>
  );
}
