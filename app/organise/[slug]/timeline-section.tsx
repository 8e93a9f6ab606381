import { toLocalInput } from '#lib/time.ts';
import { type Boundary, requiredBoundaries } from '#lib/timeline.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { saveTimeline } from './actions.ts';
import type { Desk } from './desk.ts';
import { Section } from './section.tsx';

const groups = {
  registration: ['registrationStartsAt', 'registrationEndsAt'],
  teams: ['teamChangesStartAt', 'teamChangesEndAt'],
  data: ['trainReleasedAt', 'devReleasedAt', 'testReleasedAt'],
  submissions: ['submissionsStartAt', 'submissionsEndAt'],
  end: ['freezesAt', 'defenceAt', 'revealsAt', 'gradesPublishedAt'],
} as const satisfies Record<string, readonly Boundary[]>;
const groupNames = ['registration', 'teams', 'data', 'submissions', 'end'] as const;

/** Every boundary in the competition's zone. */
export function TimelineSection({ desk }: { desk: Desk }) {
  const { t, competition, slug } = desk;
  return (
    <Section id="timeline" title={t('organise.section-timeline')}>
      <p className="mb-5 max-w-prose text-soft">{t('organise.timeline-lead', { zone: competition.timeZone })}</p>
      <ActionForm action={saveTimeline.bind(null, slug)} className="space-y-6">
        {groupNames.map((group) => (
          <fieldset key={group}>
            <legend className="mb-3 font-semibold">{t(`organise.group-${group}`)}</legend>
            <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
              {groups[group].map((boundary) => (
                <BoundaryField key={boundary} desk={desk} boundary={boundary} />
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
    </Section>
  );
}

function BoundaryField({ desk: { t, competition }, boundary }: { desk: Desk; boundary: Boundary }) {
  const instant = competition[boundary];
  return (
    <Field
      type="datetime-local"
      name={boundary}
      label={t(`organise.field-${boundary}`)}
      required={requiredBoundaries.some((required) => required === boundary)}
      defaultValue={instant === null ? '' : toLocalInput(instant, competition.timeZone)}
    />
  );
}
