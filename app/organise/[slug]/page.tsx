import type { Metadata } from 'next';
import Link from 'next/link';
import { nameOf, status } from '#lib/competition.ts';
import { Chip } from '#ui/chip.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../language.ts';
import { statusSentence } from '../../status-sentence.ts';
import { BaselineSection } from './baseline-section.tsx';
import { DataSection } from './data-section.tsx';
import { type Desk, desk } from './desk.ts';
import { LimitsSection } from './limits-section.tsx';
import { LogSection } from './log-section.tsx';
import { MappingSection } from './mapping-section.tsx';
import { OverviewSection } from './overview-section.tsx';
import { Publish } from './publish.tsx';
import { staff } from './staff.ts';
import { TextsSection } from './texts-section.tsx';
import { TimelineSection } from './timeline-section.tsx';

type Props = { params: Promise<{ slug: string }> };

const sections = ['overview', 'timeline', 'texts', 'limits', 'mapping', 'data', 'baseline', 'log'] as const;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { competition, language } = await staff((await params).slug);
  const { t } = await pageLanguage();
  return { title: `${t('organise.title')} · ${nameOf(competition, language)}` };
}

export default async function CompetitionDeskPage({ params }: Props) {
  const member = await staff((await params).slug);
  return member.role === 'organiser' ? <OrganisersDesk slug={member.slug} /> : <AssistantsDesk desk={member} />;
}

/** What an assistant sees of it: how the event is doing, and nothing to set. */
function AssistantsDesk({ desk: d }: { desk: Desk }) {
  return (
    <>
      <PageTitle lead={d.t('people.assistant-lead')}>{nameOf(d.competition, d.language)}</PageTitle>
      <OverviewSection desk={d} />
    </>
  );
}

async function OrganisersDesk({ slug: asked }: { slug: string }) {
  const d = await desk(asked);
  const { t, formats, competition, slug, now } = d;
  return (
    <>
      <PageTitle
        lead={statusSentence(t, formats, competition, status(competition, now))}
        actions={
          <Link href={`/c/${slug}`} prefetch={false} className="link">
            {t('organise.public-page')}
          </Link>
        }
      >
        {nameOf(competition, d.language)}{' '}
        {competition.publishedAt === null && <Chip look="warn">{t('organise.draft')}</Chip>}
      </PageTitle>
      <Contents desk={d} />
      <div className="mt-8 space-y-8">
        {competition.publishedAt === null && <Publish desk={d} />}
        <OverviewSection desk={d} />
        <TimelineSection desk={d} />
        <TextsSection desk={d} />
        <LimitsSection desk={d} />
        <MappingSection desk={d} />
        <DataSection desk={d} />
        <BaselineSection desk={d} />
        <LogSection desk={d} />
      </div>
    </>
  );
}

function Contents({ desk: { t } }: { desk: Desk }) {
  return (
    <nav aria-label={t('organise.sections')}>
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {sections.map((section) => (
          <li key={section}>
            <a href={`#${section}`} className="link">
              {t(`organise.section-${section}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
