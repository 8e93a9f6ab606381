import { Panel } from '#ui/panel.tsx';
import { type ProgressBoard, progressOf } from '#ui/progress.ts';
import { ProgressChart } from '#ui/progress-chart.tsx';
import type { Visit } from '../visit.ts';

type Props = { visit: Visit; board: ProgressBoard; note: string };

/** One team's best over time, with the baseline. Nothing where it has no number yet. */
export function TeamProgress({ visit: { t, formats, competition }, board, note }: Props) {
  const team = board.rows.find(({ isBaseline }) => !isBaseline);
  const progress = team && team.history.length > 0 ? progressOf(board) : null;
  if (progress === null) return null;
  return (
    <Panel title={t('talk.progress')} className="mt-6">
      <p className="mb-3 text-sm text-soft">{note}</p>
      <div className="overflow-x-auto">
        <ProgressChart
          progress={progress}
          title={t('talk.progress')}
          description={t('talk.progress-text', {
            first: formats.percent(team!.history[0]![1]),
            last: formats.percent(team!.history.at(-1)![1]),
          })}
          formats={formats}
          timeZone={competition.timeZone}
          className="h-auto w-full min-w-[38rem] tabular-nums"
        />
      </div>
    </Panel>
  );
}
