import type { Metadata } from 'next';
import Link from 'next/link';
import { nameOf, rulesOf } from '#lib/competition.ts';
import { listHomeworks } from '#lib/db/course-programme.ts';
import { findCourseOfCompetition, isPublished } from '#lib/db/courses.ts';
import { getPlan } from '#lib/db/defence.ts';
import { findAcceptance } from '#lib/db/rule-acceptances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { LinkButton } from '#ui/button.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { CourseRules } from '../../../course/course-rules.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { AcceptPanel } from './accept-panel.tsx';
import { LogHead } from './log-head.tsx';
import { PlatformRules } from './platform-rules.tsx';
import { Timeline } from './timeline.tsx';
import { WorkedExample } from './worked-example.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ next?: string | string[] }> };
export type Acceptance = Awaited<ReturnType<typeof findAcceptance>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('competition.rules-title') };
}

export default async function RulesPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { next } = await searchParams;
  const acceptance = v.user && (await findAcceptance(webDatabase(), v.competition.id, v.user.id));
  const text = rulesOf(v.competition, v.language);
  const accepted = acceptance?.rulesVersion === v.competition.rulesVersion;
  return (
    <>
      <PageTitle level={2}>{v.t('competition.rules-title')}</PageTitle>
      <Standing visit={v} acceptance={acceptance} />
      <div className="mt-8 space-y-12">
        {text ? <Markdown>{text}</Markdown> : <p className="text-soft">{v.t('competition.rules-none')}</p>}
        <Timeline visit={v} />
        <PlatformRules visit={v} />
        <Points visit={v} />
        <WorkedExample t={v.t} formats={v.formats} />
        <LogHead visit={v} />
        {!accepted && (
          <AcceptPanel visit={v} isRegistered={acceptance !== null} next={typeof next === 'string' ? next : ''} />
        )}
      </div>
    </>
  );
}

/** How results become points, where the competition is the project of a course that everybody may see. */
async function Points({ visit: v }: { visit: Visit }) {
  const course = await findCourseOfCompetition(webDatabase(), v.competition.id);
  if (course === null || !isPublished(course, v.now)) return null;
  const { timeZone, settings } = course;
  const homeworks = await listHomeworks(webDatabase(), course.id);
  const { pointsForMarks } = await getPlan(webDatabase(), v.competition.id);
  return (
    <section>
      <h3 className="mb-1 text-xl font-semibold tracking-tight">{v.t('course.rules-title')}</h3>
      <p className="mb-4 max-w-[68ch] text-soft">
        {v.t('course.rules-of')}{' '}
        <Link href={`/course/${course.slug}`} prefetch={false} className="link">
          {nameOf(course, v.language)}
        </Link>
      </p>
      <CourseRules
        words={v}
        timeZone={timeZone}
        settings={settings}
        homeworks={homeworks}
        teamSize={v.competition.teamSize}
        pointsForMarks={pointsForMarks}
      />
    </section>
  );
}

/** Whether the reader has accepted these rules, and what that opens. */
function Standing({
  visit: { t, formats, competition: c, slug },
  acceptance,
}: {
  visit: Visit;
  acceptance: Acceptance;
}) {
  const at = acceptance ? formats.longInstant(acceptance.acceptedAt, c.timeZone) : '';
  if (acceptance?.rulesVersion === c.rulesVersion) {
    return (
      <Notice kind="success" title={t('competition.rules-accepted')}>
        <p>{t('competition.rules-accepted-text', { at })}</p>
        <div className="mt-3 flex flex-wrap gap-3">
          <LinkButton href={`/c/${slug}/team`} look="secondary" size="small">
            {t('competition.next-team')}
          </LinkButton>
          <LinkButton href={`/c/${slug}/data`} look="secondary" size="small">
            {t('competition.next-data')}
          </LinkButton>
        </div>
      </Notice>
    );
  }
  return (
    <Notice kind={acceptance ? 'warning' : 'info'} {...(acceptance ? { title: t('competition.rules-outdated') } : {})}>
      <p>{acceptance ? t('competition.rules-outdated-text', { at }) : t('competition.rules-not-yet')}</p>
      <p className="mt-1">
        <a href="#accept" className="link">
          {t('competition.rules-to-accept')}
        </a>
      </p>
    </Notice>
  );
}
