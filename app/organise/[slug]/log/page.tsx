import type { Metadata } from 'next';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { LogSection } from '../log-section.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.log') };
}

/** What has happened in the competition, by whom and why. */
export default async function LogPage({ params }: Props) {
  const d = await desk((await params).slug);
  return (
    <>
      <PageTitle>{d.t('console.log')}</PageTitle>
      <LogSection desk={d} />
    </>
  );
}
