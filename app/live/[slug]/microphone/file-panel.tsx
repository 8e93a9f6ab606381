import { type DragEvent, useId, useState } from 'react';
import { buttonClass } from '#ui/button.tsx';
import { classNames } from '#ui/class-names.ts';
import { Panel } from '#ui/panel.tsx';
import { mostSeconds } from './listen.ts';
import { mostFileBytes } from './sources.ts';
import type { Texts } from './texts.ts';

type Props = { texts: Texts; isReady: boolean; onChoose: (file: File) => void };

/** Takes a sound by its button, which the keyboard reaches, or dropped. */
export function FilePanel({ texts: { t, formats }, isReady, onChoose }: Props) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const choose = (files: FileList | null) => {
    if (files?.[0] && isReady) onChoose(files[0]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files);
  };
  return (
    <Panel title={t('file')} className="flex flex-col">
      <p id={`${id}-hint`} className="text-sm text-soft">
        {t('file-text', { size: formats.bytes(mostFileBytes), seconds: mostSeconds })}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a way of the mouse beside the button within */}
      <div
        data-drop=""
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classNames(
          'mt-4 flex grow flex-col items-center justify-center gap-2 rounded-xl border border-dashed px-5 py-6 text-center',
          isOver ? 'border-accent bg-sunk' : 'border-line',
        )}
      >
        <input
          id={id}
          type="file"
          accept="audio/*,.wav,.mp3,.ogg,.opus,.m4a,.flac"
          disabled={!isReady}
          className="peer sr-only"
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            choose(event.target.files);
            // The same file may be chosen again.
            event.target.value = '';
          }}
        />
        <label
          htmlFor={id}
          className={`${buttonClass('secondary', 'normal')} cursor-pointer peer-disabled:cursor-not-allowed peer-disabled:border-rule peer-disabled:bg-sunk peer-disabled:text-soft peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`}
        >
          {t('file-choose')}
        </label>
        <span className="text-sm text-soft max-sm:hidden">{isOver ? t('file-drop-now') : t('file-drop')}</span>
      </div>
    </Panel>
  );
}
