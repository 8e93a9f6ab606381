import Link from 'next/link';
import { currentUser } from '#lib/auth.ts';
import { type Competition, nameOf, phase, status } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { listCompetitionsRunBy, listPublishedCompetitions } from '#lib/db/competitions.ts';
import { type Course, listPublishedCourses } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { LinkButton } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { AlignmentExample } from './alignment-example.tsx';
import { type PageLanguage, pageLanguage } from './language.ts';
import { statusSentence } from './status-sentence.ts';

export default async function HomePage() {
  const language = await pageLanguage();
  const { t } = language;
  const db = webDatabase();
  const user = await currentUser();
  const now = await readClock(db);
  const published = await listPublishedCompetitions(db);
  const organised = user === null ? [] : await listCompetitionsRunBy(db, user.id);
  const courses = await listPublishedCourses(db);
  const drafts = organised.filter((competition) => phase(competition, now) === 'draft');
  return (
    <>
      <div className="grid items-center gap-x-16 gap-y-8 lg:grid-cols-[1fr_auto]">
        <div>
          <h1 className="text-4xl font-semibold leading-[1.1] tracking-tight sm:text-5xl">{t('common.home-title')}</h1>
          <p className="mt-4 max-w-[56ch] text-lg text-soft">{t('common.home-lead')}</p>
        </div>
        <AlignmentExample t={t} />
      </div>
      {webEnv().demo && published.some((competition) => competition.isDemo) && (
        <Notice title={t('common.home-demo-title')} className="mt-10">
          {t('common.home-demo-text')}
        </Notice>
      )}
      <h2 className="mt-12 text-lg font-semibold tracking-tight">{t('common.home-competitions')}</h2>
      {published.length + drafts.length === 0 ? (
        <div className="mt-4">
          <EmptyState title={t('common.home-empty')}>{t('common.home-empty-text')}</EmptyState>
        </div>
      ) : (
        <ul className="mt-4 border-b border-rule">
          {[...drafts, ...published].map((competition) => (
            <CompetitionItem key={competition.id} competition={competition} now={now} language={language} />
          ))}
        </ul>
      )}
      {courses.length > 0 && <Courses courses={courses} language={language} />}
    </>
  );
}

function Courses({ courses, language: { t, language } }: { courses: readonly Course[]; language: PageLanguage }) {
  return (
    <>
      <h2 className="mt-12 text-lg font-semibold tracking-tight">{t('course.all')}</h2>
      <ul className="mt-4 divide-y divide-rule border-y border-rule">
        {courses.map((course) => (
          <li key={course.id} className="py-4">
            <Link href={`/course/${course.slug}`} prefetch={false} className="link text-lg font-semibold">
              {nameOf(course, language)}
            </Link>{' '}
            {course.isDemo && <Chip>{t('common.demo')}</Chip>}
          </li>
        ))}
      </ul>
    </>
  );
}

type ItemProps = { competition: Competition; now: Date; language: PageLanguage };

/** A competition with the one sentence of what a team can do now, and the two places most people want. */
function CompetitionItem({ competition, now, language: { t, formats, language } }: ItemProps) {
  const standing = status(competition, now);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4 border-t border-rule py-6">
      <div className="min-w-0 max-w-[60ch]">
        <h3 className="text-2xl font-semibold leading-tight tracking-tight">
          <Link href={`/c/${competition.slug}`} prefetch={false} className="hover:text-accent">
            {nameOf(competition, language)}
          </Link>{' '}
          {competition.isDemo && <Chip>{t('common.demo')}</Chip>}
          {standing.key === 'draft' && <Chip look="warn">{t('common.draft')}</Chip>}
        </h3>
        <p className="mt-1.5 text-soft">{statusSentence(t, formats, competition, standing)}</p>
      </div>
      <div className="flex flex-wrap gap-3">
        <LinkButton href={`/c/${competition.slug}/board`} look="secondary">
          {t('common.tab-board')}
        </LinkButton>
        <LinkButton href={`/c/${competition.slug}`}>{t('common.home-open')}</LinkButton>
      </div>
    </li>
  );
}
