import { Panel } from '#ui/panel.tsx';
import type { Texts } from './texts.ts';

/** Numbered from 1 by its place; `reference` is what is said in it. */
export type OfferedClip = { readonly seconds: number; readonly reference: string | null };

type Props = {
  texts: Texts;
  clips: readonly OfferedClip[];
  /** Who is to be named for them. */
  source: string | null;
  isReady: boolean;
  onChoose: (number: number, reference: string | null) => void;
};

/** Recordings that the model was not trained on, one touch away. */
export function Clips({ texts: { t, formats }, clips, source, isReady, onChoose }: Props) {
  if (clips.length === 0) {
    return (
      <Panel title={t('clips')}>
        <p className="text-soft">{t('clips-none')}</p>
      </Panel>
    );
  }
  return (
    <Panel title={t('clips')} className="md:col-span-2 lg:col-span-1">
      <p className="mb-3 text-sm text-soft">{t('clips-text')}</p>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-2">
        {clips.map(({ seconds, reference }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the clips of a page are always the same
          <li key={i}>
            <button
              type="button"
              disabled={!isReady}
              onClick={() => onChoose(i + 1, reference)}
              className="flex min-h-11 w-full items-center gap-2.5 rounded-lg border border-line px-3 py-2 text-left hover:border-ink hover:bg-sunk disabled:border-rule disabled:text-soft"
            >
              <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3 shrink-0 text-accent" fill="currentColor">
                <path d="M2 .8v10.4L11 6z" />
              </svg>
              <span className="leading-tight">
                <span className="block font-medium">{t('clip', { number: i + 1 })}</span>
                <span className="text-sm text-soft">{formats.seconds(seconds)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {source && <p className="mt-3 text-xs text-soft">{source}</p>}
    </Panel>
  );
}
