import type { Metadata } from 'next';
import Link from 'next/link';
import { listEligibility, type TeamEligibility } from '#lib/db/eligibility.ts';
import { webDatabase } from '#lib/db/web.ts';
import { cardParts, missingParts } from '#lib/method-card.ts';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { pageOf } from '#ui/page-links.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Table } from '#ui/table.tsx';
import { CardText } from '../../../c/[slug]/team/method/card-text.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Desk, desk } from '../desk.ts';
import { ListPages } from '../list-pages.tsx';
import { Decide, Reopen } from './forms.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

const pageSize = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('eligibility.title') };
}

/** Who is ranked, and by what organisers decide it. */
export default async function EligibilityPage({ params, searchParams }: Props) {
  const d = await desk((await params).slug);
  const { t, competition } = d;
  const teams = await listEligibility(webDatabase(), competition);
  const part = pageOf((await searchParams).page, teams.length, pageSize);
  return (
    <>
      <PageTitle lead={t('eligibility.lead')}>{t('eligibility.title')}</PageTitle>
      {teams.length > 1 && (
        <p className="mb-6">
          <Link href={`/organise/${d.slug}/evidence`} prefetch={false} className="link">
            {t('evidence.open')} →
          </Link>
        </p>
      )}
      {teams.length === 0 ? (
        <EmptyState title={t('eligibility.empty')} />
      ) : (
        <Table
          caption={t('eligibility.caption')}
          columns={[
            { label: t('eligibility.column-team') },
            { label: t('eligibility.column-finals'), look: 'hidden sm:table-cell' },
            { label: t('eligibility.column-mark') },
          ]}
        >
          {teams.slice(part.offset, part.offset + pageSize).map((team) => (
            <Row key={team.id} desk={d} team={team} />
          ))}
        </Table>
      )}
      <ListPages desk={d} path="/eligibility" {...part} />
    </>
  );
}

type RowProps = { desk: Desk; team: TeamEligibility };

function Row({ desk: d, team }: RowProps) {
  const { t } = d;
  return (
    <tr>
      <th scope="row" className="w-full min-w-40">
        <span className="font-semibold">{team.name}</span> {team.isGuest && <Chip>{t('eligibility.guest')}</Chip>}
        <p className="text-sm font-normal text-soft">{t('eligibility.members', { count: team.members })}</p>
        <Card desk={d} team={team} />
        <div className="mt-1.5 font-normal sm:hidden">
          <Finals desk={d} team={team} />
        </div>
      </th>
      <td className="hidden min-w-40 sm:table-cell">
        <Finals desk={d} team={team} />
      </td>
      <td className="sm:min-w-56">
        <Mark desk={d} team={team} />
        <div className="mt-2">
          <Decide desk={d} team={team} />
        </div>
      </td>
    </tr>
  );
}

/** On a phone they stand below the name. */
function Finals({ desk: { t, slug }, team }: RowProps) {
  const { reason, counted } = team.finals;
  return (
    <>
      <p>{t(`eligibility.finals-${reason}`, { count: counted.length })}</p>
      <ul className="text-sm">
        {counted.map(({ submissionId, fileName }) => (
          <li key={submissionId}>
            <Link href={`/c/${slug}/submissions/${submissionId}`} prefetch={false} className="link break-all">
              {fileName || t('upload.unnamed')}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ desk: d, team }: RowProps) {
  const { t, now, competition } = d;
  const missing = team.card === null ? cardParts.length : missingParts(team.card).length;
  const filled = cardParts.length - missing;
  const state =
    missing === 0 ? t('eligibility.card-complete') : t('eligibility.card-parts', { filled, all: cardParts.length });
  const isClosed = now >= competition.submissionsEndAt;
  return (
    <div className="mt-1.5 font-normal">
      {team.card === null ? (
        <p className="text-sm">
          {t('eligibility.column-card')}: {t('eligibility.card-none')}
        </p>
      ) : (
        <details>
          <summary className="cursor-pointer text-sm">
            {t('eligibility.column-card')}: {state} · {d.print(team.card.editedAt)}
          </summary>
          <div className="mt-2 border-l-2 border-rule pl-4">
            <CardText t={t} card={team.card} />
          </div>
        </details>
      )}
      {(isClosed || team.isReopened) && (
        <div className="mt-2">
          <Reopen desk={d} team={team} />
        </div>
      )}
    </div>
  );
}

function Mark({ desk: { t, print }, team: { mark } }: RowProps) {
  if (mark === null) return <span className="text-soft">{t('eligibility.mark-none')}</span>;
  return (
    <>
      <Chip look={mark.isRanked ? 'good' : 'warn'}>
        {t(mark.isRanked ? 'eligibility.mark-ranked' : 'eligibility.mark-unranked')}
      </Chip>
      <p className="mt-1 max-w-[36ch] break-words text-sm">{mark.reason}</p>
      <p className="text-sm text-soft">{t('eligibility.mark-at', { at: print(mark.decidedAt) })}</p>
    </>
  );
}
