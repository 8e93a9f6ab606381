import type { Metadata } from 'next';
import { withNext } from '#lib/identity/local-path.ts';
import { pageLanguage } from '../language.ts';
import { Door, MailNote, OtherDoor } from '../sign-in/door.tsx';
import { MailForm } from '../sign-in/mail-form.tsx';
import { type Search, wayBack } from '../sign-in/way-back.ts';
import { askForPassword } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.reset-title') };
}

export default async function ResetPage({ searchParams }: Search) {
  const { t } = await pageLanguage();
  const next = wayBack((await searchParams).next);
  return (
    <Door title={t('auth.reset-title')} lead={t('auth.reset-lead')}>
      <MailForm action={askForPassword} label={t('auth.reset-title')} button={t('auth.reset-send')} next={next} />
      <OtherDoor question={t('auth.remembered')} href={withNext('/sign-in', next)}>
        {t('auth.sign-in')}
      </OtherDoor>
      <MailNote />
    </Door>
  );
}
