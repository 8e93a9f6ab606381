import type { Sound } from '#scoring/baseline/browser-listener.ts';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Texts } from './texts.ts';
import { mostRecordedSeconds, useRecorder } from './use-recorder.ts';

type Props = { texts: Texts; isReady: boolean; onRecorded: (sound: Sound) => void };

/** One large button: it begins, and ends, a recording; how loud it is shows meanwhile. */
export function RecordPanel({ texts: { t, formats }, isReady, onRecorded }: Props) {
  const { state, start, stop } = useRecorder(onRecorded);
  const isRecording = state.status === 'recording';
  return (
    <Panel title={t('record')}>
      <p className="text-sm text-soft">{t('record-text', { seconds: mostRecordedSeconds })}</p>
      <div className="mt-4 flex flex-col items-center gap-3">
        <button
          type="button"
          disabled={!isReady || state.status === 'asking'}
          onClick={isRecording ? stop : start}
          className={`group flex flex-col items-center gap-2 rounded-2xl px-4 py-2 font-semibold disabled:text-soft ${isRecording ? 'text-bad' : 'hover:text-accent'}`}
        >
          <span
            className={`grid size-20 place-items-center rounded-full transition-colors ${
              isRecording
                ? 'bg-bad text-paper'
                : 'bg-ink text-paper group-hover:bg-accent group-disabled:bg-sunk group-disabled:text-soft'
            }`}
          >
            {isRecording ? <Square /> : <Microphone />}
          </span>
          {isRecording ? t('record-stop') : t('record-start')}
        </button>
        {isRecording && <Levels levels={state.levels} />}
        <p role="status" className="min-h-6 text-sm text-soft">
          {state.status === 'asking' && t('record-asking')}
          {isRecording && (
            <span aria-hidden="true">
              {t('recorded', { seconds: formats.number(state.seconds, 1), most: mostRecordedSeconds })}
            </span>
          )}
        </p>
      </div>
      {state.status === 'refused' && (
        <Notice kind="warning" live title={t(`cannot-${state.problem}`)}>
          {t(`cannot-${state.problem}-text`)}
        </Notice>
      )}
    </Panel>
  );
}

const shown = 64;
const height = 48;

/** The newest to the right. Quiet speech is seen too: the ear hears loudness by its logarithm, and a root comes near. */
function Levels({ levels }: { levels: readonly number[] }) {
  const bars = levels.map((level, i) => {
    const half = Math.max(1, (Math.sqrt(level) * height) / 2);
    return `M${shown - levels.length + i + 0.5} ${height / 2 - half}V${height / 2 + half}`;
  });
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${shown} ${height}`}
      preserveAspectRatio="none"
      className="h-12 w-full max-w-sm rounded-lg bg-sunk text-bad"
    >
      <path d={bars.join('')} stroke="currentColor" strokeWidth="0.6" />
    </svg>
  );
}

function Microphone() {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-9" fill="none" stroke="currentColor" strokeWidth="1.7">
      <rect x="9" y="2.8" width="6" height="11.4" rx="3" fill="currentColor" stroke="none" />
      <path strokeLinecap="round" d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.2M8.8 21.2h6.4" />
    </svg>
  );
}

function Square() {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-8" fill="currentColor">
      <rect x="6" y="6" width="12" height="12" rx="2" />
    </svg>
  );
}
