import type { Metadata } from 'next';
import { readSnapshot, type Snapshot } from '#lib/board.ts';
import { findBoardAt, getBoard } from '#lib/db/boards.ts';
import { webDatabase } from '#lib/db/web.ts';
import { fromLocalInput, toLocalInput } from '#lib/time.ts';
import { BoardTable } from '#ui/board-table.tsx';
import { boardTexts } from '#ui/board-texts.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { progressOf } from '#ui/progress.ts';
import { ProgressChart } from '#ui/progress-chart.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type Visit, visit } from '../../visit.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ at?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('board.history-title') };
}

/** The board as it stood at an instant: the stored snapshot of that time, and how everybody got there. */
export default async function BoardHistoryPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { t, formats, language, competition, now, slug } = v;
  const typed = (await searchParams).at;
  const asked = typeof typed === 'string' && typed !== '' ? fromLocalInput(typed, competition.timeZone) : now;
  const board = asked && (await boardAt(v, asked));
  const progress = board && progressOf(board);
  return (
    <>
      <PageTitle level={2} lead={t('board.history-lead')}>
        {t('board.history-title')}
      </PageTitle>
      <form method="get" className="mb-8 flex flex-wrap items-end gap-3">
        <Field
          type="datetime-local"
          name="at"
          label={t('board.history-at', { zone: formats.zone(asked ?? now, competition.timeZone) })}
          defaultValue={toLocalInput(asked ?? now, competition.timeZone)}
          required
        />
        <Button type="submit" look="secondary">
          {t('board.history-show')}
        </Button>
        <a href={`/c/${slug}/board`} className="link py-2">
          {t('board.history-now')}
        </a>
      </form>
      {asked === null && <Notice kind="error">{t('board.history-wrong')}</Notice>}
      {board && board.rows.length === 0 && <EmptyState title={t('board.history-nothing')} />}
      {board && board.rows.length > 0 && (
        <div className="space-y-8">
          {progress && (
            <Panel title={t('board.history-chart')}>
              <div className="overflow-x-auto">
                <ProgressChart
                  progress={progress}
                  title={t('board.history-chart')}
                  description={t('board.history-chart-text', { teams: progress.lines.length })}
                  formats={formats}
                  timeZone={competition.timeZone}
                  className="h-auto w-full min-w-[38rem] tabular-nums"
                />
              </div>
            </Panel>
          )}
          <BoardTable
            board={board}
            texts={boardTexts(t, competition.teamSize, board)}
            language={language}
            timeZone={competition.timeZone}
          />
        </div>
      )}
    </>
  );
}

/** What is yet to come stands as the board does now. Before the first score nobody stood anywhere. */
async function boardAt({ competition, now }: Visit, at: Date): Promise<Snapshot> {
  const db = webDatabase();
  const stored = at >= now ? await getBoard(db, competition) : await findBoardAt(db, competition.id, at);
  if (stored !== null) return readSnapshot(stored.body);
  return { version: 0, at: at.toISOString(), frozen: false, ties: null, rows: [] };
}
