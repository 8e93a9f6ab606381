import type { Metadata } from 'next';
import { isRevealed, nameOf, status } from '#lib/competition.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { statusSentence } from '../../status-sentence.ts';
import { AheadPanel } from './overview/ahead-panel.tsx';
import { ArchivePanel } from './overview/archive-panel.tsx';
import { AudiencePanel } from './overview/audience-panel.tsx';
import { FailuresPanel } from './overview/failures-panel.tsx';
import { MachinesPanel } from './overview/machines-panel.tsx';
import { MailPanel } from './overview/mail-panel.tsx';
import { QueuePanel } from './overview/queue-panel.tsx';
import { Publish } from './publish.tsx';
import { Refresher } from './refresher.tsx';
import { staff } from './staff.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { competition, language, t } = await staff((await params).slug);
  return { title: `${t('organise.title')} · ${nameOf(competition, language)}` };
}

/** So that somebody who leaves the page open sees a queue that stands still before its teams do. */
const refreshSeconds = 5;

/** Where the competition stands and how the event is doing; what a draft still lacks. */
export default async function OverviewPage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t, formats, competition, now, role } = d;
  return (
    <>
      <PageTitle lead={statusSentence(t, formats, competition, status(competition, now))}>
        {t('console.overview')}
      </PageTitle>
      <Refresher seconds={refreshSeconds} />
      <div className="space-y-6">
        {role === 'organiser' && competition.publishedAt === null && <Publish desk={d} />}
        <AheadPanel desk={d} />
        {role === 'organiser' && isRevealed(competition, now) && <ArchivePanel desk={d} />}
        <QueuePanel desk={d} />
        <MachinesPanel desk={d} />
        <FailuresPanel desk={d} />
        <MailPanel desk={d} />
        {competition.publishedAt !== null && <AudiencePanel desk={d} />}
      </div>
    </>
  );
}
