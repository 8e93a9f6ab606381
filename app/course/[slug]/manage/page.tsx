import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { nameOf } from '#lib/competition.ts';
import { shortlistSizes } from '#lib/course/settings.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { isPublished } from '#lib/db/courses.ts';
import { listOrganisedCompetitions } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Checkbox, Field, Select, TextArea } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { openCourse, saveCompetitionLink, saveCourseSettings, saveCourseTexts } from './actions.ts';
import { type CourseDesk, courseDesk } from './desk.ts';

type Props = { params: Promise<{ slug: string }> };
type DeskProps = { desk: CourseDesk };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.manage-setup') };
}

/** What the course is, which competition is its project, and how points are counted. Assistants begin at the results. */
export default async function SetupPage({ params }: Props) {
  const desk = await courseDesk((await params).slug);
  if (desk.role !== 'organiser') redirect(`/course/${desk.slug}/manage/results`);
  return (
    <div className="space-y-6">
      {!isPublished(desk.course, desk.now) && <Open desk={desk} />}
      <Texts desk={desk} />
      <Competition desk={desk} />
      <Settings desk={desk} />
    </div>
  );
}

function Open({ desk: { t, slug } }: DeskProps) {
  return (
    <Panel title={t('course.open-title')}>
      <p className="mb-4 max-w-prose">{t('course.open-text')}</p>
      <ConfirmForm
        action={openCourse.bind(null, slug)}
        look="primary"
        trigger={t('course.open')}
        title={t('course.open-confirm')}
        confirm={t('course.open')}
        pending={t('common.saving')}
        cancel={t('common.cancel')}
      >
        <p>{t('course.open-consequence')}</p>
      </ConfirmForm>
    </Panel>
  );
}

function Texts({ desk: { t, slug, course } }: DeskProps) {
  return (
    <Panel title={t('course.texts')}>
      <ActionForm action={saveCourseTexts.bind(null, slug)} className="space-y-5" label={t('course.texts')}>
        <div className="grid gap-5 lg:grid-cols-2">
          <Field name="nameRu" label={t('organise.name-ru')} required maxLength={120} defaultValue={course.nameRu} />
          <Field name="nameEn" label={t('organise.name-en')} required maxLength={120} defaultValue={course.nameEn} />
          <TextArea
            name="aboutRu"
            label={t('course.about-ru')}
            hint={t('course.about-hint')}
            rows={6}
            maxLength={20_000}
            defaultValue={course.aboutRu}
          />
          <TextArea
            name="aboutEn"
            label={t('course.about-en')}
            rows={6}
            maxLength={20_000}
            defaultValue={course.aboutEn}
          />
        </div>
        <Save t={t} />
      </ActionForm>
    </Panel>
  );
}

/** The one that is linked stays on offer, whoever organises it. */
async function Competition({ desk: { t, slug, course, user, language } }: DeskProps) {
  const organised = await listOrganisedCompetitions(webDatabase(), user);
  const linked = course.competitionId === null ? null : await getCompetitionById(webDatabase(), course.competitionId);
  const all = [...organised, ...(linked && !organised.some(({ id }) => id === linked.id) ? [linked] : [])];
  const options = [
    { value: '', label: t('course.competition-none') },
    ...all.map((competition) => ({ value: competition.slug, label: nameOf(competition, language) })),
  ];
  return (
    <Panel title={t('course.competition')}>
      <ActionForm action={saveCompetitionLink.bind(null, slug)} className="space-y-5" label={t('course.competition')}>
        <Select
          name="competition"
          label={t('course.competition-choice')}
          hint={t('course.competition-hint')}
          options={options}
          defaultValue={linked?.slug ?? ''}
        />
        <Save t={t} />
      </ActionForm>
    </Panel>
  );
}

function Settings({ desk: { t, slug, course, now } }: DeskProps) {
  const { settings: s } = course;
  const sizes = Array.from({ length: shortlistSizes.most - shortlistSizes.least + 1 }, (_, i) => {
    const size = String(shortlistSizes.least + i);
    return { value: size, label: size };
  });
  const number = (name: 'penaltyPerDay' | 'baselinePoints' | 'placePoints', value: number) => (
    <Field name={name} label={t(`course.setting-${name}`)} inputMode="decimal" required defaultValue={value} />
  );
  return (
    <Panel title={t('course.settings')}>
      <p className="mb-5 max-w-prose text-soft">{t('course.settings-lead')}</p>
      <ActionForm action={saveCourseSettings.bind(null, slug)} className="space-y-6" label={t('course.settings')}>
        <div className="grid gap-5 sm:grid-cols-3">
          {number('penaltyPerDay', s.penaltyPerDay)}
          {number('baselinePoints', s.baselinePoints)}
          {number('placePoints', s.placePoints)}
        </div>
        <Field
          name="placeTable"
          label={t('course.setting-placeTable')}
          hint={t('course.setting-placeTable-hint')}
          defaultValue={s.placeTable?.join(' ') ?? ''}
        />
        <Select
          name="equalBy"
          label={t('course.setting-equalBy')}
          hint={t('course.setting-fixed')}
          defaultValue={s.equalBy}
          options={(['errors', 'tie-classes'] as const).map((value) => ({ value, label: t(`course.equal-${value}`) }))}
        />
        <Checkbox
          name="baselineNeedsSignificance"
          label={t('course.setting-baselineNeedsSignificance')}
          defaultChecked={s.baselineNeedsSignificance}
        />
        <div className="grid gap-5 sm:grid-cols-4">
          {([3, 4, 5] as const).map((grade) => (
            <Field
              key={grade}
              name={`threshold${grade}`}
              label={t(`course.setting-threshold${grade}`)}
              inputMode="decimal"
              required
              defaultValue={s.thresholds[grade]}
            />
          ))}
          <Select
            name="shortlistSize"
            label={t('course.setting-shortlistSize')}
            options={sizes}
            defaultValue={String(s.shortlistSize)}
          />
        </div>
        <Field
          name="reason"
          label={t('course.reason')}
          hint={isPublished(course, now) ? t('course.settings-reason-hint') : t('course.settings-reason-draft')}
          maxLength={500}
        />
        <Save t={t} />
      </ActionForm>
    </Panel>
  );
}

function Save({ t }: Pick<CourseDesk, 't'>) {
  return (
    <SubmitButton look="secondary" pending={t('common.saving')}>
      {t('common.save')}
    </SubmitButton>
  );
}
