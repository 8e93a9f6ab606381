import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { nameOf } from '#lib/competition.ts';
import { findCourseOfCompetition } from '#lib/db/courses.ts';
import { countWaiting, type Waiting } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Chip } from '#ui/chip.tsx';
import { ConsoleNav } from './console-nav.tsx';
import { type ConsolePage, consoleMenu } from './console-pages.ts';
import { type StaffDesk, staff } from './staff.ts';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  const { competition, language, t } = await staff((await params).slug);
  const name = nameOf(competition, language);
  return { title: { default: `${t('organise.title')} · ${name}`, template: `%s · ${name} · Rostrum` } };
}

/** Around every page of the console: whose it is, and the way to its other pages. */
export default async function ConsoleLayout({ params, children }: Props) {
  const d = await staff((await params).slug);
  const { t, competition, language, slug, role } = d;
  const root = `/organise/${slug}`;
  const waiting = await countWaiting(webDatabase(), competition.id);
  const course = await findCourseOfCompetition(webDatabase(), competition.id);
  const menu = consoleMenu(role).map(({ group, pages }) => ({
    title: t(`console.group-${group}`),
    links: pages.map((page) => linkOf(page, root, waiting, d)),
  }));
  return (
    <>
      <p className="mb-5 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm text-soft">
        <Link href="/organise" prefetch={false} className="link">
          ← {t('organise.title')}
        </Link>
        <span className="text-ink">
          {nameOf(competition, language)}{' '}
          {competition.publishedAt === null && <Chip look="warn">{t('organise.draft')}</Chip>}
        </span>
        <Link href={`/c/${slug}`} prefetch={false} className="link">
          {t('organise.public-page')}
        </Link>
        {course && (
          <Link href={`/course/${course.slug}/manage`} prefetch={false} className="link">
            {t('course.tab')}
          </Link>
        )}
      </p>
      <div className="lg:grid lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-x-10">
        <div className="mb-7 lg:mb-0">
          <ConsoleNav label={t('people.console')} root={root} menu={menu} />
        </div>
        <div className="min-w-0">{children}</div>
      </div>
    </>
  );
}

function linkOf({ path, label, waiting: what }: ConsolePage, root: string, all: Waiting, { t, formats }: StaffDesk) {
  const count = what === undefined ? 0 : all[what];
  const waiting =
    what === undefined || count === 0
      ? null
      : { count: formats.number(count), sentence: t(`console.waiting-${what}`, { count }) };
  return { href: root + path, label: t(label), waiting };
}
