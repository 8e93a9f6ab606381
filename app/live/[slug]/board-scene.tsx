import { boardTexts } from '#ui/board-texts.ts';
import { LiveBoard } from './live-board.tsx';
import type { Scene } from './scene.ts';
import type { SceneProps } from './scene-view.tsx';

/** The public board, for those who follow it from their seats. */
export function BoardScene({ scene: { board }, competition, language }: SceneProps<Scene & { name: 'board' }>) {
  const { t, formats } = language;
  if (board.rows.length === 0) {
    return (
      <main>
        <p className="empty">{t('board.empty')}</p>
      </main>
    );
  }
  return (
    <main>
      <LiveBoard board={board} texts={boardTexts(t, competition.teamSize, board)} formats={formats} />
    </main>
  );
}
