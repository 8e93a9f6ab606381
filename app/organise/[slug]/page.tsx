import type { Metadata } from 'next';
import { nameOf, status } from '#lib/competition.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { statusSentence } from '../../status-sentence.ts';
import { OverviewSection } from './overview-section.tsx';
import { Publish } from './publish.tsx';
import { staff } from './staff.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { competition, language, t } = await staff((await params).slug);
  return { title: `${t('organise.title')} · ${nameOf(competition, language)}` };
}

/** Where the competition stands and how the event is doing; what a draft still lacks. */
export default async function OverviewPage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t, formats, competition, now, role } = d;
  return (
    <>
      <PageTitle lead={statusSentence(t, formats, competition, status(competition, now))}>
        {t('console.overview')}
      </PageTitle>
      <div className="space-y-8">
        {role === 'organiser' && competition.publishedAt === null && <Publish desk={d} />}
        <OverviewSection desk={d} />
      </div>
    </>
  );
}
