import type { Metadata } from 'next';
import { seenIn } from '#lib/seen.ts';
import { type Boundary, requiredBoundaries, shownTimeline } from '#lib/timeline.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Desk, desk } from '../desk.ts';
import { saveTimeline } from './actions.ts';
import { StagesPanel } from './stages-panel.tsx';

const groups = {
  registration: ['registrationStartsAt', 'registrationEndsAt'],
  teams: ['teamChangesStartAt', 'teamChangesEndAt'],
  data: ['trainReleasedAt', 'devReleasedAt', 'testReleasedAt'],
  submissions: ['submissionsStartAt', 'submissionsEndAt'],
  end: ['freezesAt', 'defenceAt', 'revealsAt', 'gradesPublishedAt'],
} as const satisfies Record<string, readonly Boundary[]>;
const groupNames = ['registration', 'teams', 'data', 'submissions', 'end'] as const;

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.timeline') };
}

/** Every boundary in the competition's zone. */
export default async function TimelinePage({ params }: Props) {
  const d = await desk((await params).slug);
  const { t, competition, slug } = d;
  const shown = shownTimeline(competition);
  return (
    <>
      <PageTitle lead={t('organise.timeline-lead', { zone: competition.timeZone })}>{t('console.timeline')}</PageTitle>
      <div className="space-y-6">
        <StagesPanel desk={d} />
        <Panel title={t('console.windows')}>
          <ActionForm action={saveTimeline.bind(null, slug)} className="space-y-6">
            <input type="hidden" name="seen" value={seenIn(shown)} />
            {groupNames.map((group) => (
              <fieldset key={group}>
                <legend className="mb-3 font-semibold">{t(`organise.group-${group}`)}</legend>
                <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
                  {groups[group].map((boundary) => (
                    <BoundaryField key={boundary} desk={d} boundary={boundary} shown={shown[boundary]} />
                  ))}
                </div>
              </fieldset>
            ))}
            {competition.publishedAt !== null && (
              <Field name="reason" label={t('organise.reason')} hint={t('organise.reason-hint')} maxLength={500} />
            )}
            <SubmitButton look="secondary" pending={t('organise.saving')}>
              {t('organise.save')}
            </SubmitButton>
          </ActionForm>
        </Panel>
      </div>
    </>
  );
}

function BoundaryField({ desk: { t }, boundary, shown }: { desk: Desk; boundary: Boundary; shown: string }) {
  return (
    <Field
      type="datetime-local"
      name={boundary}
      label={t(`organise.field-${boundary}`)}
      required={requiredBoundaries.some((required) => required === boundary)}
      defaultValue={shown}
    />
  );
}
