'use client';

import { useRef } from 'react';
import { Button, buttonClass } from '#ui/button.tsx';
import { isEnded, RevealRemote, type RevealRemoteProps, type RevealTexts } from '#ui/reveal-remote.tsx';
import { Preview } from './preview.tsx';

/** The organisers' remote, which may also look ahead and open everything. */
export function Remote(props: RevealRemoteProps) {
  return (
    <RevealRemote
      {...props}
      more={({ state, press }, t) =>
        !props.isOver &&
        !isEnded(state) && (
          <>
            <All t={t} onConfirm={() => void press('all')} />
            <Preview slug={props.slug} t={t} state={state} words={props.words} />
          </>
        )
      }
    />
  );
}

function All({ t, onConfirm }: { t: RevealTexts; onConfirm: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Button look="quiet" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {t('all')}
      </Button>
      <dialog
        ref={dialog}
        aria-label={t('all-title')}
        className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 text-ink backdrop:bg-black/50"
      >
        <h2 className="text-xl font-semibold tracking-tight">{t('all-title')}</h2>
        <p className="mt-3">{t('all-text')}</p>
        <form method="dialog" className="mt-6 flex flex-wrap gap-3">
          {/* Enter, pressed out of habit, must open nothing. */}
          <button type="submit" className={buttonClass('secondary', 'normal')}>
            {t('cancel')}
          </button>
          <Button
            look="danger"
            onClick={() => {
              dialog.current?.close();
              onConfirm();
            }}
          >
            {t('all-confirm')}
          </Button>
        </form>
      </dialog>
    </>
  );
}
