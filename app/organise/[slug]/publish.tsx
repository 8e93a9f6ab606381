import Link from 'next/link';
import { findBaseline } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Panel } from '#ui/panel.tsx';
import { ProfileExample } from '#ui/profile-example.tsx';
import { publish } from './actions.ts';
import type { Desk } from './desk.ts';

/** What a draft still lacks, and the button. Only the licence is forced: registration may open before there is data. */
export async function Publish({ desk: d }: { desk: Desk }) {
  const { t, slug } = d;
  const checks = await checksOf(d);
  const missing = checks.filter(({ ready }) => !ready);
  return (
    <Panel title={t('organise.publish-title')}>
      <p className="max-w-prose">{t('organise.publish-text')}</p>
      <ul className="my-4 space-y-1.5">
        {checks.map(({ label, page, ready, isRequired }) => (
          <li key={label}>
            <Link href={`/organise/${slug}/${page}`} prefetch={false} className="link">
              {label}
            </Link>{' '}
            <Chip look={ready ? 'good' : 'warn'}>
              {t(`organise.publish-${ready ? 'ready' : isRequired ? 'required' : 'missing'}`)}
            </Chip>
          </li>
        ))}
      </ul>
      <Profile desk={d} />
      {missing.some(({ isRequired }) => isRequired) ? (
        <p className="font-medium">{t('organise.publish-first')}</p>
      ) : (
        <ConfirmForm
          action={publish.bind(null, slug)}
          look="primary"
          trigger={t('organise.publish')}
          title={t('organise.publish-confirm-title')}
          confirm={t('organise.publish')}
          pending={t('organise.publish-working')}
          cancel={t('common.cancel')}
        >
          <p>{t('organise.publish-confirm-text')}</p>
          {missing.length > 0 && (
            <>
              <p className="mt-3 font-semibold">{t('organise.publish-confirm-missing')}</p>
              <ul className="list-disc pl-5">
                {missing.map(({ label }) => (
                  <li key={label}>{label}</li>
                ))}
              </ul>
            </>
          )}
        </ConfirmForm>
      )}
    </Panel>
  );
}

/** `page` is where it is seen to; without what `isRequired` nobody publishes. */
type Check = { label: string; page: string; ready: boolean; isRequired?: true };

async function checksOf({ t, competition: c, now }: Desk): Promise<Check[]> {
  const hasTexts = hasText(c.briefRu, c.briefEn) && hasText(c.rulesRu, c.rulesEn);
  const hasLicence = hasText(c.licence) && hasText(c.attribution);
  const hasBaseline = (await findBaseline(webDatabase(), c.id, 'test')) !== null;
  return [
    { label: t('organise.check-licence'), page: 'texts', ready: hasLicence, isRequired: true },
    { label: t('organise.check-texts'), page: 'texts', ready: hasTexts },
    { label: t('organise.check-dates'), page: 'timeline', ready: c.submissionsEndAt > now },
    { label: t('organise.check-data'), page: 'data', ready: c.labelVersion > 0 },
    { label: t('organise.check-baseline'), page: 'baseline', ready: hasBaseline },
  ];
}

/** How texts will be compared, while it can still be changed. */
function Profile({ desk: { t, language, competition, slug } }: { desk: Desk }) {
  const { profile } = competition;
  if (!isProfileName(profile)) return null;
  return (
    <div className="my-5 max-w-prose space-y-3 rounded-xl border border-rule px-4 py-3">
      <p>
        {t('organise.publish-profile', { profile: t(`organise.profile-${profile}`) })}{' '}
        <Link href={`/organise/${slug}/limits`} prefetch={false} className="link">
          {t('console.limits')}
        </Link>
      </p>
      <ProfileExample t={t} language={language} profile={profile} />
      {profile === 'raw' && <p className="text-warn">{t('organise.profile-raw-warning')}</p>}
    </div>
  );
}

function hasText(...texts: string[]): boolean {
  return texts.some((text) => text.trim() !== '');
}
