import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { frozenSince, isRevealDue, nameOf, type Status, status } from '#lib/competition.ts';
import { listAnnouncements } from '#lib/db/announcements.ts';
import { findRole } from '#lib/db/competitions.ts';
import { findCourseOfCompetition, isPublished } from '#lib/db/courses.ts';
import { getPlan } from '#lib/db/defence.ts';
import { hasDevSplit } from '#lib/db/lab.ts';
import { findBaseline } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { titleIn } from '#lib/news.ts';
import { Chip } from '#ui/chip.tsx';
import { Countdown } from '#ui/countdown.tsx';
import { Tabs } from '#ui/tabs.tsx';
import { isShared } from '../../shared.ts';
import { statusSentence } from '../../status-sentence.ts';
import { NewsBanner } from './news-banner.tsx';
import { type Visit, visit } from './visit.ts';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { competition, language } = await visit((await params).slug);
  const name = nameOf(competition, language);
  return { title: { default: name, template: `%s · ${name} · Rostrum` } };
}

/** Above every page of a competition: its name, where it stands and until when, and the way to its other pages. */
export default async function CompetitionLayout({ params, children }: Props) {
  const here = await visit((await params).slug);
  const { competition, language, t, formats, now, slug } = here;
  const standing = status(competition, now);
  const hasLab = await hasDevSplit(webDatabase(), competition.id);
  const hasBaseline =
    (await findBaseline(webDatabase(), competition.id, 'test', frozenSince(competition, now))) !== null;
  const newest = (await listAnnouncements(webDatabase(), competition.id))[0];
  const hasResults = isRevealDue(competition, now);
  const { programmePublishedAt } = await getPlan(webDatabase(), competition.id);
  const hasProgramme = programmePublishedAt !== null;
  const hasNews = newest !== undefined;
  const course = await findCourseOfCompetition(webDatabase(), competition.id);
  const courseSlug = course !== null && isPublished(course, now) ? course.slug : null;
  const flags = { hasLab, hasBaseline, hasResults, hasProgramme, hasNews, organises: await runsIt(here) };
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-10 gap-y-4">
        <div className="min-w-0 max-w-[62ch]">
          <h1 className="text-3xl font-semibold leading-tight tracking-tight">
            {nameOf(competition, language)} {competition.isDemo && <Chip>{t('common.demo')}</Chip>}
          </h1>
          <p className="mt-2 text-soft">{statusSentence(here.t, formats, competition, standing)}</p>
        </div>
        <Remaining here={here} standing={standing} isShared={await isShared()} />
      </div>
      <div className="mb-8 mt-5">
        <Tabs label={t('common.tabs')} tabs={tabsOf(slug, t, flags, courseSlug)} />
      </div>
      {newest && (
        <NewsBanner
          slug={slug}
          id={newest.id}
          edition={newest.edition}
          title={titleIn(newest, language)}
          label={t('news.banner')}
          read={t('news.banner-read')}
          dismiss={t('news.banner-dismiss')}
        />
      )}
      {children}
    </>
  );
}

type RemainingProps = { here: Visit; standing: Status; isShared: boolean };

function Remaining({ here, standing, isShared }: RemainingProps) {
  const { key, until } = standing;
  if (until === null) return null;
  return (
    <dl className="sm:text-right">
      <dt className="text-sm text-soft">{here.t(`common.until-${key}`)}</dt>
      <dd className="text-2xl font-semibold leading-snug">
        <Countdown
          until={until.toISOString()}
          absolute={here.formats.instant(until, here.competition.timeZone)}
          language={here.language}
          now={isShared ? undefined : here.now.toISOString()}
        />
      </dd>
    </dl>
  );
}

/** Everybody's page names nobody, so it leads organisers no further than others. */
async function runsIt({ user, competition }: Visit): Promise<boolean> {
  if (user === null || user.isAdministrator) return user !== null;
  return (await findRole(webDatabase(), competition.id, user.id)) !== null;
}

type Present = Record<'hasLab' | 'hasBaseline' | 'hasResults' | 'hasProgramme' | 'hasNews' | 'organises', boolean>;

function tabsOf(slug: string, t: Visit['t'], present: Present, courseSlug: string | null) {
  const { hasLab, hasBaseline, hasResults, hasProgramme, hasNews, organises } = present;
  return [
    { href: `/c/${slug}`, label: t('common.tab-brief') },
    { href: `/c/${slug}/data`, label: t('common.tab-data') },
    { href: `/c/${slug}/rules`, label: t('common.tab-rules') },
    { href: `/c/${slug}/board`, label: t('common.tab-board') },
    ...(hasProgramme ? [{ href: `/c/${slug}/defence`, label: t('defence.tab') }] : []),
    ...(hasResults ? [{ href: `/c/${slug}/results`, label: t('finals.results-tab') }] : []),
    ...(hasBaseline ? [{ href: `/c/${slug}/baseline`, label: t('baseline.tab') }] : []),
    ...(hasLab ? [{ href: `/c/${slug}/lab`, label: t('lab.tab') }] : []),
    { href: `/c/${slug}/team`, label: t('common.tab-team') },
    { href: `/c/${slug}/submit`, label: t('common.tab-submit') },
    { href: `/c/${slug}/submissions`, label: t('common.tab-submissions') },
    ...(hasNews ? [{ href: `/c/${slug}/news`, label: t('news.tab') }] : []),
    { href: `/c/${slug}/questions`, label: t('questions.tab') },
    ...(courseSlug ? [{ href: `/course/${courseSlug}`, label: t('course.tab') }] : []),
    ...(organises ? [{ href: `/organise/${slug}`, label: t('common.tab-organise') }] : []),
  ];
}
