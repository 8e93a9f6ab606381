import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { currentUser } from '#lib/auth.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { signIn } from './actions.ts';
import { Door, MailNote, OtherDoor } from './door.tsx';
import { LeftNotice } from './left-notice.tsx';
import { ProviderDoors } from './provider-doors.tsx';
import { ProviderProblemNotice } from './provider-problem.tsx';
import { type Search, wayBack } from './way-back.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.sign-in-title') };
}

export default async function SignInPage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const search = await searchParams;
  const next = wayBack(search.next ?? search.callbackUrl);
  if ((await currentUser()) !== null) redirect(next);
  return (
    <Door title={t('auth.sign-in-title')} lead={next === '/' ? undefined : t('auth.sign-in-way-back')}>
      <ProviderProblemNotice search={search} />
      <LeftNotice search={search} />
      <ProviderDoors next={next} />
      <PasswordForm next={next} />
      <OtherDoor question={t('auth.newcomer')} href={withNext('/sign-up', next)}>
        {t('auth.sign-up')}
      </OtherDoor>
      <MailNote />
    </Door>
  );
}

async function PasswordForm({ next }: { next: string }) {
  const { t } = await pageLanguage();
  return (
    <ActionForm action={signIn} className="space-y-5" label={t('auth.sign-in-title')}>
      <input type="hidden" name="next" value={next} />
      <Field label={t('auth.email')} name="email" type="email" autoComplete="username" required />
      <div>
        <Field
          label={t('auth.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={1000}
          required
        />
        <p className="mt-1.5 text-sm">
          <Link href={withNext('/reset', next)} className="link">
            {t('auth.forgotten')}
          </Link>
        </p>
      </div>
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="by" value="password" pending={t('auth.signing-in')}>
          {t('auth.sign-in')}
        </SubmitButton>
        <SubmitButton name="by" value="link" look="secondary" formNoValidate pending={t('auth.sending')}>
          {t('auth.sign-in-link')}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
