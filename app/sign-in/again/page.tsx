import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { requireSession } from '#lib/auth.ts';
import { freshHours } from '#lib/db/sessions.ts';
import { type Account, getAccount } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../language.ts';
import { signIn } from '../actions.ts';
import { Door, MailNote } from '../door.tsx';
import { AskingProviderDoors } from '../provider-doors.tsx';
import { type Search, wayBack } from '../way-back.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('auth.again-title') };
}

/** Where somebody who signed in a while ago proves once more who they are, before hidden labels open or ways in change. */
export default async function SignInAgainPage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const next = wayBack((await searchParams).next);
  const { user, isFresh } = await requireSession();
  if (isFresh) redirect(next);
  const account = await getAccount(webDatabase(), user.id);
  return (
    <Door title={t('auth.again-title')} lead={t('auth.again-lead', { email: account.email, hours: freshHours })}>
      <AskingProviderDoors userId={user.id} next={next} />
      <AgainForm account={account} next={next} />
      <MailNote />
    </Door>
  );
}

/** By the password where the account has one, and by a link to its address. */
async function AgainForm({ account: { email, passwordHash }, next }: { account: Account; next: string }) {
  const { t } = await pageLanguage();
  const hasPassword = passwordHash !== null;
  return (
    <ActionForm action={signIn} className="space-y-5" label={t('auth.again-title')}>
      <input type="hidden" name="next" value={next} />
      <input type="hidden" name="email" value={email} autoComplete="username" />
      {hasPassword ? (
        <Field
          label={t('auth.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={1000}
          required
        />
      ) : (
        <input type="hidden" name="password" value="" />
      )}
      <div className="flex flex-wrap gap-3">
        {hasPassword && (
          <SubmitButton name="by" value="password" pending={t('auth.signing-in')}>
            {t('auth.again-confirm')}
          </SubmitButton>
        )}
        <SubmitButton
          name="by"
          value="link"
          look={hasPassword ? 'secondary' : 'primary'}
          formNoValidate
          pending={t('auth.sending')}
        >
          {t('auth.sign-in-link')}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
