import type { Metadata } from 'next';
import { methodOf, readSnapshot, type Snapshot, type TieTest } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { getBoard } from '#lib/db/boards.ts';
import { webDatabase } from '#lib/db/web.ts';
import { boardTexts } from '#ui/board-texts.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { DocsLink } from '../../../docs/docs-link.tsx';
import { type PageLanguage, pageLanguage } from '../../../language.ts';
import { visit } from '../visit.ts';
import { BoardView } from './board-view.tsx';

/** With fewer, an interval by units is too narrow. */
const fewUnits = 20;

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('common.tab-board') };
}

/**
 * The same for everybody: bin/server.ts keeps its HTML per board, language and theme. What is the viewer's own comes by a
 * request of its own (own-state.ts).
 */
export default async function BoardPage({ params }: Props) {
  const { slug } = await params;
  const { competition, language, t, formats } = await visit(slug);
  const board = readSnapshot((await getBoard(webDatabase(), competition)).body);
  const texts = {
    ...boardTexts(t, competition.teamSize, board),
    ownPlace: t('board.own-place'),
    attemptsLeft: t('board.attempts-left'),
    attemptsOf: t('board.attempts-of'),
    resetsAt: t('board.resets-at'),
    upload: t('board.upload'),
    offline: t('board.offline', { time: '{time}' }),
  };
  return (
    <>
      <h2 className="sr-only">{t('board.caption')}</h2>
      {board.frozen && competition.freezesAt && (
        <p className="mb-6 inline-flex items-center gap-2 rounded-full border border-warn px-4 py-1.5 font-semibold text-warn">
          <Snowflake />
          {t('board.frozen', { since: formats.instant(competition.freezesAt, competition.timeZone) })}
        </p>
      )}
      <BoardView
        slug={slug}
        first={board}
        texts={texts}
        language={language}
        timeZone={competition.timeZone}
        empty={<NothingYet slug={slug} t={t} />}
      />
      <Explanation competition={competition} board={board} t={t} />
    </>
  );
}

function NothingYet({ slug, t }: { slug: string; t: PageLanguage['t'] }) {
  return (
    <EmptyState
      title={t('board.empty')}
      action={<LinkButton href={`/c/${slug}/submit`}>{t('board.upload')}</LinkButton>}
    >
      {t('board.empty-text')}
    </EmptyState>
  );
}

type ExplanationProps = { competition: Competition; board: Snapshot; t: PageLanguage['t'] };

function Explanation({ competition, board, t }: ExplanationProps) {
  const address = `/api/v1/competitions/${competition.slug}/leaderboard`;
  return (
    <div className="mt-8 max-w-[80ch] space-y-2 text-sm text-soft">
      <p>
        {t('board.explanation', { percent: competition.publicFoldPercent })}{' '}
        {competition.policy === 'ladder' && t('board.explanation-ladder')}
      </p>
      <p>
        {t('board.legend')} {board.ties && legendOfTies(board.ties, competition.unit, t)}
      </p>
      <p className="flex flex-wrap gap-x-5 gap-y-1">
        <a className="link" href={`${address}?format=csv`}>
          {t('board.csv')}
        </a>
        <a className="link" href={address}>
          {t('board.json')}
        </a>
        <a className="link" href={`/c/${competition.slug}/board/history`}>
          {t('board.history-link')}
        </a>
        <a className="link" href={`/live/${competition.slug}`}>
          {t('board.live')}
        </a>
      </p>
      <DocsLink to="teams/scoring" />
    </div>
  );
}

/** What the brackets mean; with few units it says how little that is. */
function legendOfTies(test: TieTest, unit: Competition['unit'], t: PageLanguage['t']): string {
  const { units } = test;
  const legend = t('board.legend-tied', { units, unit, method: methodOf(test) });
  return units < fewUnits ? `${legend} ${t('board.legend-few-units')}` : legend;
}

function Snowflake() {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" className="size-4" fill="none" stroke="currentColor" strokeWidth="1.6">
      <path
        strokeLinecap="round"
        d="M10 1.5v17M2.6 5.8l14.8 8.4M2.6 14.2l14.8-8.4M7.5 3 10 5l2.5-2M7.5 17l2.5-2 2.5 2M2.7 9l2.7-1-.6-3M17.3 11l-2.7 1 .6 3M2.7 11l2.7 1-.6 3M17.3 9l-2.7-1 .6-3"
      />
    </svg>
  );
}
