import type { Metadata } from 'next';
import Link from 'next/link';
import { currentUser, type User } from '#lib/auth.ts';
import { nameOf } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { type Course, isPublished, listCoursesRunBy, listPublishedCourses, mayCreateCourses } from '#lib/db/courses.ts';
import { listOrganisedCompetitions } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { PlaceFields } from '#ui/place-fields.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { createNewCourse } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.all') };
}

/** Courses that everybody may see, drafts of one's own, and a new one for who may make it. */
export default async function CoursesPage() {
  const { t } = await pageLanguage();
  const user = await currentUser();
  const published = await listPublishedCourses(webDatabase());
  const run = user === null ? [] : await listCoursesRunBy(webDatabase(), user);
  const drafts = run.filter(({ id }) => !published.some((course) => course.id === id));
  const courses = [...drafts, ...published];
  return (
    <>
      <PageTitle lead={t('course.all-lead')}>{t('course.all')}</PageTitle>
      <div className="space-y-6">
        {courses.length === 0 ? <EmptyState title={t('course.none')} /> : <Courses courses={courses} run={run} />}
        {user !== null && (await mayCreateCourses(webDatabase(), user)) && <Create user={user} />}
      </div>
    </>
  );
}

async function Courses({ courses, run }: { courses: readonly Course[]; run: readonly Course[] }) {
  const { t, language } = await pageLanguage();
  const now = await readClock(webDatabase());
  return (
    <ul className="divide-y divide-rule border-y border-rule">
      {courses.map((course) => (
        <li key={course.id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-4">
          <p className="text-lg font-semibold">
            <Link href={`/course/${course.slug}`} prefetch={false} className="link">
              {nameOf(course, language)}
            </Link>{' '}
            {course.isDemo && <Chip>{t('common.demo')}</Chip>}
            {!isPublished(course, now) && <Chip look="warn">{t('organise.draft')}</Chip>}
          </p>
          {run.some(({ id }) => id === course.id) && (
            <Link
              href={`/course/${course.slug}/manage`}
              prefetch={false}
              className="link"
              aria-label={`${t('course.tab-manage')}: ${nameOf(course, language)}`}
            >
              {t('course.tab-manage')}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

async function Create({ user }: { user: User }) {
  const { t, language } = await pageLanguage();
  const competitions = await listOrganisedCompetitions(webDatabase(), user);
  const options = [
    { value: '', label: t('course.competition-none') },
    ...competitions.map((competition) => ({ value: competition.slug, label: nameOf(competition, language) })),
  ];
  return (
    <Panel title={t('course.create-title')}>
      <p className="mb-5 max-w-prose text-soft">{t('course.create-text')}</p>
      <ActionForm action={createNewCourse} className="space-y-5" label={t('course.create-title')}>
        <PlaceFields t={t} hints={{ slug: t('course.slug-hint'), timeZone: t('course.time-zone-hint') }} />
        <Select
          name="competition"
          label={t('course.competition-choice')}
          hint={t('course.competition-hint')}
          options={options}
        />
        <SubmitButton pending={t('common.saving')}>{t('course.create')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
