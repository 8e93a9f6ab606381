'use client';

import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Language } from '#lib/messages/language.ts';
import type { Sound } from '#scoring/baseline/browser-listener.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { Clips, type OfferedClip } from './clips-panel.tsx';
import { FilePanel } from './file-panel.tsx';
import { ListenerNote } from './listener-note.tsx';
import type { ShownModel } from './model.ts';
import { RecordPanel } from './record-panel.tsx';
import { Result } from './result.tsx';
import { mostFileBytes } from './sources.ts';
import { type MicrophoneMessages, type Texts, textsOf } from './texts.ts';
import { type StudioState, useStudio } from './use-studio.ts';

type Props = {
  slug: string;
  language: Language;
  messages: MicrophoneMessages;
  model: ShownModel;
  clips: readonly OfferedClip[];
  source: string | null;
};

/** Three ways to be heard, and what the model made of it. */
export function Studio({ slug, language, messages, model, clips, source }: Props) {
  const texts = useMemo(() => textsOf(messages, language), [messages, language]);
  const { t } = texts;
  const { listener, state, hearSound, hearFile, hearClip, giveUp } = useStudio(model.served);
  const isReady = listener.state.status === 'ready';
  const recorded = useCallback(
    (sound: Sound) => hearSound(sound, { name: t('own-voice'), reference: null }),
    [hearSound, t],
  );
  return (
    <>
      <ListenerNote texts={texts} model={model} state={listener.state} onAgain={giveUp} />
      <div className="grid gap-4 md:grid-cols-2 lg:grid-cols-[1.1fr_1fr_1fr]">
        <Clips
          texts={texts}
          clips={clips}
          source={source}
          isReady={isReady}
          onChoose={(number, reference) =>
            hearClip(`/live/${slug}/microphone/clips/${number}`, { name: t('clip', { number }), reference })
          }
        />
        <RecordPanel texts={texts} isReady={isReady} onRecorded={recorded} />
        <FilePanel texts={texts} isReady={isReady} onChoose={hearFile} />
      </div>
      <Outcome texts={texts} state={state} listener={listener.state} onGiveUp={giveUp} />
    </>
  );
}

type OutcomeProps = {
  texts: Texts;
  state: StudioState;
  listener: ReturnType<typeof useStudio>['listener']['state'];
  onGiveUp: () => void;
};

/** Comes into view with each new answer: on a phone it stands below the fold. */
function Outcome({ texts, state, listener, onGiveUp }: OutcomeProps) {
  const { t, formats } = texts;
  const place = useRef<HTMLDivElement>(null);
  const { status } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is another state
  useEffect(() => {
    if (status === 'heard' || status === 'problem')
      place.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [state]);
  return (
    <div ref={place} className="mt-4 scroll-my-4">
      <p role="status" className="sr-only">
        {state.status === 'listening' && t('listening', { name: state.name })}
        {state.status === 'heard' && `${t('heard')}: ${state.heard.text || t('nothing-heard')}`}
      </p>
      {state.status === 'listening' && (
        <div className="flex flex-wrap items-center gap-4 rounded-2xl border border-rule bg-raised p-5">
          <p className="animate-pulse text-lg font-semibold">{t('listening', { name: state.name })}</p>
          <Button look="secondary" size="small" onClick={onGiveUp}>
            {t('give-up')}
          </Button>
        </div>
      )}
      {state.status === 'problem' && (
        <Notice kind="warning" live title={t(`problem-${state.problem}`)}>
          {t(`problem-${state.problem}-text`, { size: formats.bytes(mostFileBytes) })}
        </Notice>
      )}
      {state.status === 'heard' && <Result texts={texts} named={state} heard={state.heard} listener={listener} />}
    </div>
  );
}
