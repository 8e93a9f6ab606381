import Link from 'next/link';
import type { ReactNode } from 'react';
import { nameOf } from '#lib/competition.ts';
import { countUnanswered } from '#lib/db/questions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Tabs } from '#ui/tabs.tsx';
import { staff } from './staff.ts';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

/** Above every page of the console: whose it is, and the way to its other pages. */
export default async function ConsoleLayout({ params, children }: Props) {
  const { t, competition, language, slug, role } = await staff((await params).slug);
  const here = `/organise/${slug}`;
  const unanswered = await countUnanswered(webDatabase(), competition.id);
  const tabs = [
    { href: here, label: t('people.tab-setup') },
    ...(role === 'organiser' ? [{ href: `${here}/labels`, label: t('labels.tab') }] : []),
    ...(role === 'organiser' ? [{ href: `${here}/eligibility`, label: t('eligibility.tab') }] : []),
    { href: `${here}/questions`, label: t('people.tab-questions', { count: unanswered }) },
    { href: `${here}/news`, label: t('people.tab-news') },
    { href: `${here}/teams`, label: t('people.tab-teams') },
    { href: `${here}/people`, label: t('people.tab-people') },
  ];
  return (
    <>
      <p className="mb-1 flex flex-wrap gap-x-3 text-sm text-soft">
        <Link href="/organise" prefetch={false} className="link">
          ← {t('organise.title')}
        </Link>
        <span>{nameOf(competition, language)}</span>
      </p>
      <div className="mb-8">
        <Tabs label={t('people.console')} tabs={tabs} />
      </div>
      {children}
    </>
  );
}
