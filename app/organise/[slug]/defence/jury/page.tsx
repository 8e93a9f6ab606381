import type { Metadata } from 'next';
import Link from 'next/link';
import { getPlan, listSlots } from '#lib/db/defence.ts';
import { listEveningLinks } from '#lib/db/evening-links.ts';
import { listCriteria, listMarks } from '#lib/db/jury.ts';
import { webDatabase } from '#lib/db/web.ts';
import { LinkButton } from '#ui/button.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../../language.ts';
import { desk } from '../../desk.ts';
import { CriteriaPanel } from './criteria-panel.tsx';
import { PointsPanel } from './points-panel.tsx';
import { ResultsTable } from './results-table.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('jury.title') };
}

/** By what jurors mark, what their marks are worth, and what they said. */
export default async function JuryPage({ params }: Props) {
  const d = await desk((await params).slug);
  const { t, slug, competition } = d;
  const db = webDatabase();
  const plan = await getPlan(db, competition.id);
  const criteria = await listCriteria(db, competition.id);
  const jurors = await listEveningLinks(db, competition.id, 'juror');
  const said = await listMarks(db, competition.id);
  const teams = (await listSlots(db, competition.id)).flatMap(({ team }) => team ?? []);
  return (
    <>
      <p className="mb-3">
        <Link href={`/organise/${slug}/defence`} prefetch={false} className="link">
          ← {t('defence.title')}
        </Link>
      </p>
      <PageTitle
        lead={t('jury.lead')}
        actions={
          <>
            <LinkButton href={`/organise/${slug}/defence/links`} look="secondary">
              {t('jury.invite')}
            </LinkButton>
            <a href={`/organise/${slug}/defence/jury/marks.csv`} className="link py-2">
              {t('jury.csv')}
            </a>
          </>
        }
      >
        {t('jury.title')}
      </PageTitle>
      <div className="space-y-6">
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <CriteriaPanel desk={d} criteria={criteria} />
          <PointsPanel desk={d} plan={plan} />
        </div>
        <ResultsTable desk={d} {...{ plan, criteria, jurors, teams }} {...said} />
      </div>
    </>
  );
}
