'use client';

import type { ReactNode } from 'react';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { RevealState } from '#lib/reveal.ts';
import type { RevealWords } from '#lib/reveal-words.ts';
import { sentenceOf, storyOf } from '../../public/reveal.js';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { type RemoteControl, useKeys, useRevealRemote } from './use-reveal-remote.ts';

export type RevealRemoteProps = {
  slug: string;
  /** Where presses go. */
  pressUrl: string;
  language: Language;
  messages: AreaMessages<'reveal'>;
  words: RevealWords;
  /** Whether everything is open, however that came. */
  isOver: boolean;
  initial: RevealState | null;
};
type Props = RevealRemoteProps & { more?: (control: RemoteControl, t: RevealTexts) => ReactNode };

/** The reveal's remote: what is on the screens, two large buttons, and `more` of those who may do more. */
export function RevealRemote({ slug, pressUrl, language, messages, words, isOver, initial, more }: Props) {
  const t = translatorOf(messages, language);
  const control = useRevealRemote(slug, pressUrl, initial);
  const { state, isBusy, isLost, refusal, press } = control;
  const isAtEnd = isEnded(state) && state !== null && state.position === state.steps.length - 1;
  useKeys(press);
  return (
    <Panel
      title={t('remote')}
      aside={
        <a href={`/live/${slug}`} target="_blank" rel="noreferrer" className="link">
          {t('to-hall')}
        </a>
      }
    >
      <Screens t={t} state={state} words={words} />
      <div className="mt-4 grid grid-cols-[1fr_2fr] gap-3">
        <Button
          look="secondary"
          className="min-h-24 text-xl"
          disabled={isBusy || state === null || state.position === 0}
          aria-busy={isBusy}
          onClick={() => void press('back')}
        >
          ← {words.back}
        </Button>
        <Button
          className="min-h-24 text-2xl"
          disabled={isBusy || isAtEnd}
          aria-busy={isBusy}
          onClick={() => void press('next')}
        >
          {words.next} →
        </Button>
      </div>
      <p className="mt-2 text-sm text-soft">{words.keys}</p>
      {refusal !== null && (
        <Notice kind="error" live className="mt-4">
          {refusal === 'offline' ? t('offline') : refusal}
        </Notice>
      )}
      {isLost && (
        <Notice kind="warning" live className="mt-4">
          {t('lost')}
        </Notice>
      )}
      {(isOver || isEnded(state)) && (
        <Notice kind="success" className="mt-4">
          {t('ended')}
        </Notice>
      )}
      {state !== null && (
        <Button
          look="secondary"
          className="mt-5"
          disabled={isBusy}
          aria-busy={isBusy}
          onClick={() => void press(state.isShown ? 'leave' : 'return')}
        >
          {t(state.isShown ? 'leave' : 'return')}
        </Button>
      )}
      {more?.(control, t)}
    </Panel>
  );
}

/** Whether the last step is open. */
export function isEnded(state: RevealState | null): boolean {
  return state?.steps.at(-1)?.kind === 'end';
}

export type RevealTexts = ReturnType<typeof translatorOf<AreaMessages<'reveal'>>>;

function Screens({ t, state, words }: { t: RevealTexts; state: RevealState | null; words: RevealWords }) {
  if (state === null) return <p role="status">{t('ready')}</p>;
  const left = storyOf(state.steps).waiting.filter(({ kind }) => kind === 'team').length;
  const ahead = state.steps.length - 1 - state.position;
  return (
    <div role="status">
      <p className="text-sm text-soft">{state.isShown ? t('on-screen') : t('away')}</p>
      <p className="text-2xl font-semibold leading-snug">{sentenceOf(state, words)}</p>
      <p className="mt-1 text-soft">
        {ahead > 0 ? t('look-back', { count: ahead }) : left > 0 && words.toCome.replace('{count}', String(left))}
      </p>
    </div>
  );
}
