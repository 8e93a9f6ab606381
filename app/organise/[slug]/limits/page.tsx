import type { Metadata } from 'next';
import { hasSubmissions } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { seenIn } from '#lib/seen.ts';
import { isProfileName } from '#scoring/wer/normalise.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { ProfileChoice } from '#ui/profile-choice.tsx';
import { ProfileExample } from '#ui/profile-example.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Desk, desk } from '../desk.ts';
import { saveLimits } from './actions.ts';
import { MappingSection } from './mapping-section.tsx';
import { shownLimits } from './shown-limits.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.limits') };
}

/** How many, how often, and by which rules files are scored. */
export default async function LimitsPage({ params }: Props) {
  const d = await desk((await params).slug);
  return (
    <>
      <PageTitle>{d.t('console.limits')}</PageTitle>
      <div className="space-y-8">
        <Limits desk={d} />
        <MappingSection desk={d} />
      </div>
    </>
  );
}

const policies = ['open', 'ladder'] as const;

async function Limits({ desk: d }: { desk: Desk }) {
  const { t, competition: c, slug } = d;
  const isScored = await hasSubmissions(webDatabase(), c.id);
  return (
    <Panel>
      <ActionForm action={saveLimits.bind(null, slug)} className="space-y-5">
        <input type="hidden" name="seen" value={seenIn(shownLimits(c))} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            type="number"
            name="teamSize"
            label={t('organise.team-size')}
            hint={t('organise.team-size-hint')}
            required
            min={1}
            max={50}
            defaultValue={c.teamSize}
          />
          <Field
            type="number"
            name="dailyQuota"
            label={t('organise.quota')}
            required
            min={1}
            max={1000}
            defaultValue={c.dailyQuota}
          />
          <Field
            type="number"
            name="publicFoldPercent"
            label={t('organise.public-fold')}
            hint={isScored ? t('organise.profile-fixed') : t('organise.public-fold-hint')}
            required
            min={1}
            max={99}
            defaultValue={c.publicFoldPercent}
            disabled={isScored}
          />
          <Select
            name="policy"
            label={t('console.policy')}
            hint={t('console.policy-hint')}
            options={policies.map((policy) => ({ value: policy, label: t(`console.policy-${policy}`) }))}
            defaultValue={c.policy}
          />
        </div>
        <Profile desk={d} isScored={isScored} />
        <SubmitButton look="secondary" pending={t('organise.saving')}>
          {t('organise.save')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

/** The choice, as long as there is one. */
function Profile({ desk: { t, language, competition }, isScored }: { desk: Desk; isScored: boolean }) {
  const { profile } = competition;
  if (!isProfileName(profile)) return null;
  if (!isScored) return <ProfileChoice t={t} language={language} chosen={profile} />;
  return (
    <div>
      <p className="font-medium">{t('organise.profile')}</p>
      <p>{t(`organise.profile-${profile}`)}</p>
      <p className="mb-2 text-sm text-soft">{t('organise.profile-fixed')}</p>
      <ProfileExample t={t} language={language} profile={profile} />
    </div>
  );
}
