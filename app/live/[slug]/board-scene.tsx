import type { ReactNode } from 'react';
import type { Snapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { boardTexts } from '#ui/board-texts.ts';
import { type Picture, progressOf } from '#ui/progress.ts';
import { ProgressChart } from '#ui/progress-chart.tsx';
import type { PageLanguage } from '../../language.ts';
import { divide, LargeTable, SmallTable } from './live-board.tsx';
import type { Scene } from './scene.ts';
import type { SceneProps } from './scene-view.tsx';

type Props = Pick<SceneProps<Scene & { name: 'board' }>, 'scene' | 'language' | 'here'> & {
  competition: Pick<Competition, 'teamSize' | 'timeZone'>;
};

/** Names and numbers of a size that is read from the last row, on half of a screen. */
const picture: Picture = {
  ...{ width: 440, height: 325, left: 74, right: 152, top: 10, bottom: 32 },
  ...{ letters: 15.5, mostNames: 12, longestName: 13 },
};

/**
 * The public board, for those who follow it from their seats. On a projector the first ten stand still, and beside them pages turn:
 * the other teams, everybody's progress, the way to the same on a phone. On a phone all of it follows, the board first.
 */
export function BoardScene({ scene: { board }, competition, language, here }: Props) {
  const { t, formats } = language;
  const texts = boardTexts(t, competition.teamSize, board);
  const { first, pages } = divide(board.rows);
  return (
    <main className="board-scene" data-script="/board-scene.js">
      <div className="first">
        {board.rows.length === 0 ? (
          <p className="empty">{t('board.empty')}</p>
        ) : (
          <LargeTable board={board} rows={first} texts={texts} formats={formats} />
        )}
      </div>
      <div className="turning">
        {pages.map((rows, i) => (
          <Page key={rows[0]!.row.teamId} name="rest" label={t('live.rest', { page: i + 1, pages: pages.length })}>
            <SmallTable rows={rows} texts={texts} formats={formats} />
          </Page>
        ))}
        <Chart board={board} competition={competition} language={language} />
        <Page name="scan" label={t('live.scan')}>
          <h2>{t('live.scan')}</h2>
          <svg viewBox="0 0 1 1" role="img" aria-label={t('live.qr', { address: here })}>
            <use href="#qr" />
          </svg>
          <p>{here}</p>
        </Page>
        <Turns t={t} />
      </div>
    </main>
  );
}

function Page({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <section className={`page ${name}`} aria-label={label}>
      {children}
    </section>
  );
}

type ChartProps = Pick<Props, 'competition' | 'language'> & { board: Snapshot };

function Chart({ board, competition, language: { t, formats } }: ChartProps) {
  const progress = progressOf(board, picture);
  if (progress === null) return null;
  const title = t('board.history-chart');
  return (
    <Page name="chart" label={title}>
      <h2>{title}</h2>
      <ProgressChart
        progress={progress}
        title={title}
        description={t('live.chart-text', { teams: progress.lines.length })}
        formats={formats}
        timeZone={competition.timeZone}
        of={picture}
      />
    </Page>
  );
}

/** What moves by itself can be stopped; public/board-scene.js shows this where there is more than one page to turn. */
function Turns({ t }: { t: PageLanguage['t'] }) {
  return (
    <nav className="turns" aria-label={t('live.turns')} hidden>
      <button type="button" data-turn="-1" aria-label={t('live.previous')}>
        ‹
      </button>
      <span className="turned" />
      <button type="button" data-turn="1" aria-label={t('live.next')}>
        ›
      </button>
      <button type="button" data-turn="0" aria-pressed="false" aria-label={t('live.pause')}>
        ❚❚
      </button>
    </nav>
  );
}
