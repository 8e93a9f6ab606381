import type { Metadata } from 'next';
import Link from 'next/link';
import { findGuest } from '#lib/auth/evening-guest.ts';
import { nameOf } from '#lib/competition.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import type { ProgrammeSlot } from '#lib/db/defence.ts';
import type { EveningGuest } from '#lib/db/evening-links.ts';
import { listCriteria, listSheets, type NamedCriterion, type Sheet } from '#lib/db/jury.ts';
import { getStageView } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { DeadLink } from '../dead-link.tsx';
import { pageLanguage } from '../language.ts';
import { SheetForm } from './sheet-form.tsx';

type Props = { searchParams: Promise<{ team?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('jury.juror-title'), robots: { index: false }, referrer: 'no-referrer' };
}

/** A juror's marks, for a phone: the team that talks now, or the one that was chosen. */
export default async function JurorPage({ searchParams }: Props) {
  const guest = await findGuest('juror');
  if (guest === null) return <DeadLink />;
  const { t, language } = await pageLanguage();
  const db = webDatabase();
  const competition = await getCompetitionById(db, guest.competitionId);
  const criteria = await listCriteria(db, competition.id);
  const { stage, slots } = await getStageView(db, competition.id);
  const talks = slots.filter(({ team, isSkipped }) => team !== null && !isSkipped);
  const asked = (await searchParams).team;
  const chosen =
    talks.find(({ team }) => team?.id === asked) ?? talks.find(({ id }) => id === stage.slotId) ?? talks[0];
  return (
    <>
      <PageTitle lead={t('jury.juror-lead', { name: guest.name, competition: nameOf(competition, language) })}>
        {t('jury.juror-title')}
      </PageTitle>
      {chosen === undefined || criteria.length === 0 ? (
        <EmptyState title={t('jury.juror-nothing')}>{t('jury.juror-nothing-text')}</EmptyState>
      ) : (
        <Sheets guest={guest} talks={talks} chosen={chosen} onStage={stage.slotId} criteria={criteria} />
      )}
    </>
  );
}

type SheetsProps = {
  guest: EveningGuest;
  talks: readonly ProgrammeSlot[];
  chosen: ProgrammeSlot;
  onStage: string | null;
  criteria: readonly NamedCriterion[];
};

async function Sheets({ guest, talks, chosen, onStage, criteria }: SheetsProps) {
  const { t, language } = await pageLanguage();
  const sheets = await listSheets(webDatabase(), guest);
  const isMarked = (sheet: Sheet | undefined) => criteria.every(({ id }) => sheet?.marks[id] !== undefined);
  const { team, title } = chosen;
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[2fr_1fr]">
      <section aria-labelledby="sheet">
        <h2 id="sheet" className="text-2xl font-semibold leading-tight">
          {team!.name} {chosen.id === onStage && <Chip look="accent">{t('jury.on-stage')}</Chip>}
        </h2>
        {title && <p className="text-soft">{title}</p>}
        <SheetForm
          key={team!.id}
          t={t}
          language={language}
          teamId={team!.id}
          criteria={criteria}
          sheet={sheets.get(team!.id)}
        />
      </section>
      <nav aria-label={t('jury.teams')}>
        <h2 className="mb-2 text-lg font-semibold">{t('jury.teams')}</h2>
        <ol className="divide-y divide-rule">
          {talks.map(({ id, team: other }) => (
            <li key={id}>
              <Link
                href={`/jury?team=${other!.id}`}
                prefetch={false}
                aria-current={id === chosen.id ? 'true' : undefined}
                className="flex min-h-12 items-center justify-between gap-3 py-2 aria-[current]:font-semibold"
              >
                <span className="link min-w-0 break-words">{other!.name}</span>
                {isMarked(sheets.get(other!.id)) && <Chip look="good">✓ {t('jury.marked')}</Chip>}
              </Link>
            </li>
          ))}
        </ol>
      </nav>
    </div>
  );
}
