import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { nameOf } from '#lib/competition.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { isPublished } from '#lib/db/courses.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Chip } from '#ui/chip.tsx';
import { Tabs } from '#ui/tabs.tsx';
import { type CourseVisit, courseVisit } from './visit.ts';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course, language } = await courseVisit((await params).slug);
  const name = nameOf(course, language);
  return { title: { default: name, template: `%s · ${name} · Rostrum` } };
}

/** Above every page of a course: its name, the competition that is its project, and the way to its other pages. */
export default async function CourseLayout({ params, children }: Props) {
  const v = await courseVisit((await params).slug);
  const { t, course, language, role, own, slug, now } = v;
  const here = `/course/${slug}`;
  const tabs = [
    { href: here, label: t('course.tab-programme') },
    ...(own ? [{ href: `${here}/sheet`, label: t('course.tab-sheet') }] : []),
    { href: `${here}/rules`, label: t('course.tab-rules') },
    ...(role ? [{ href: `${here}/manage`, label: t('course.tab-manage') }] : []),
  ];
  return (
    <>
      <h1 className="text-3xl font-semibold leading-tight tracking-tight">
        {nameOf(course, language)} {course.isDemo && <Chip>{t('common.demo')}</Chip>}
        {!isPublished(course, now) && <Chip look="warn">{t('organise.draft')}</Chip>}
      </h1>
      <Project visit={v} />
      <div className="mb-8 mt-5">
        <Tabs label={t('course.tabs')} tabs={tabs} />
      </div>
      {children}
    </>
  );
}

/** A competition that is still a draft is nobody's to hear of here. */
async function Project({ visit: { t, course, language, now, role } }: { visit: CourseVisit }) {
  if (course.competitionId === null) return null;
  const competition = await getCompetitionById(webDatabase(), course.competitionId);
  const isOut = competition.publishedAt !== null && competition.publishedAt <= now;
  if (!isOut && role === null) return null;
  return (
    <p className="mt-2 text-soft">
      {t('course.project-of')}{' '}
      <Link href={`/c/${competition.slug}`} prefetch={false} className="link">
        {nameOf(competition, language)}
      </Link>
    </p>
  );
}
