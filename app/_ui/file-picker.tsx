'use client';

import { type DragEvent, useId, useState } from 'react';
import { buttonClass } from './button.tsx';
import { classNames } from './class-names.ts';
import { formatsFor } from './format.ts';
import type { UploadTexts } from './upload-texts.ts';
import type { ChosenFile } from './use-file-check.ts';

type Props = {
  texts: UploadTexts;
  file: ChosenFile | null;
  error?: string | undefined;
  onChoose: (file: File) => void;
};

/** Takes a file by its button, which the keyboard reaches, or dropped. */
export function FilePicker({ texts: { t, language }, file, error, onChoose }: Props) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const choose = (files: FileList | null) => {
    if (files?.[0]) onChoose(files[0]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files);
  };
  return (
    <div>
      <p className="mb-1.5 font-medium">{t('file')}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a way of the mouse beside the button within */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classNames(
          'flex max-w-xl flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-dashed px-5 py-6',
          isOver ? 'border-accent bg-sunk' : 'border-line',
        )}
      >
        <input
          id={id}
          type="file"
          className="peer sr-only"
          aria-describedby={`${id}-chosen`}
          onChange={(event) => {
            choose(event.target.files);
            // The same name may be chosen again after an edit, and is a new file then.
            event.target.value = '';
          }}
        />
        <label
          htmlFor={id}
          className={`${buttonClass('secondary', 'normal')} cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`}
        >
          {file ? t('choose-other') : t('choose')}
        </label>
        <span className="text-soft">{isOver ? t('drop-now') : t('drop')}</span>
        <p id={`${id}-chosen`} className="w-full min-w-0 break-all">
          {file ? (
            <>
              <b className="font-semibold">{file.name}</b>{' '}
              <span className="text-soft">{formatsFor(language).bytes(file.bytes.length)}</span>
            </>
          ) : (
            <span className="text-soft">{t('no-file')}</span>
          )}
        </p>
      </div>
      {error && (
        <p role="alert" className="mt-1.5 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
