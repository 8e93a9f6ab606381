import type { ReactNode } from 'react';
import { Tabs } from '#ui/tabs.tsx';
import { courseDesk } from './desk.ts';

type Props = { params: Promise<{ slug: string }>; children: ReactNode };

/** Above every page of who runs the course. Assistants record; what counts is the organisers'. */
export default async function ManageLayout({ params, children }: Props) {
  const { t, slug, role } = await courseDesk((await params).slug);
  const here = `/course/${slug}/manage`;
  const tabs = [
    ...(role === 'organiser'
      ? [
          { href: here, label: t('course.manage-setup') },
          { href: `${here}/programme`, label: t('course.manage-programme') },
        ]
      : []),
    { href: `${here}/roster`, label: t('course.manage-roster') },
    { href: `${here}/results`, label: t('course.manage-results') },
    { href: `${here}/grades`, label: t('course.manage-grades') },
  ];
  return (
    <>
      <div className="mb-6">
        <Tabs label={t('course.manage-tabs')} tabs={tabs} />
      </div>
      {children}
    </>
  );
}
