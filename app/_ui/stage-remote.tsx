'use client';

import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef, useState } from 'react';
import { useFormStatus } from 'react-dom';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { Command } from '#lib/stage.ts';
import { Answer, type FormAction } from './action-form.tsx';
import { Button, type ButtonLook } from './button.tsx';
import { Checkbox } from './field.tsx';
import { Notice } from './notice.tsx';
import type { RemoteView } from './remote-view.ts';
import { StageClock } from './stage-clock.tsx';
import { useAnswer } from './use-answer.ts';
import { useStage } from './use-stage.ts';

type Texts = { messages: AreaMessages<'stage'>; language: Language };
type Props = { view: RemoteView; action: FormAction; texts: Texts };

/** `event.code`: the place of a key, whatever the keyboard's language. */
const keys: Partial<Record<string, Command>> = {
  ArrowRight: 'next',
  ArrowLeft: 'back',
  ArrowUp: 'more',
  KeyQ: 'questions',
  KeyB: 'board',
  KeyR: 'again',
};
/** As they are printed on the buttons. */
const keyNames: Partial<Record<Command, string>> = { next: '→', back: '←', more: '↑', questions: 'Q', again: 'R' };

/** Runs the stage by thumb or by keyboard. Follows what others press, and says when it is cut off. */
export function StageRemote({ view, action, texts }: Props) {
  const t = translatorOf(texts.messages, texts.language);
  const [answer, submit] = useAnswer(action);
  const isConnected = useStage(view.slug);
  const form = useRef<HTMLFormElement>(null);
  const [usesKeys, setUsesKeys] = useState(true);
  useShortcuts(form, usesKeys);
  return (
    <form ref={form} action={submit} className="mx-auto max-w-xl space-y-5">
      <input type="hidden" name="version" value={view.version} />
      {!isConnected && <Notice kind="warning">{t('cut-off')}</Notice>}
      <Shown view={view} t={t} />
      <Buttons view={view} t={t} />
      <Answer answer={answer} />
      <Checkbox
        className="hidden text-sm sm:block"
        label={t('uses-keys')}
        hint={t('keys')}
        checked={usesKeys}
        onChange={(event) => setUsesKeys(event.target.checked)}
      />
    </form>
  );
}

type Say = (key: keyof AreaMessages<'stage'> & string, values?: Record<string, string | number>) => string;
type PartProps = { view: RemoteView; t: Say };

function Shown({ view, t }: PartProps) {
  const { onStage, next, part, isShown, count } = view;
  return (
    <section aria-label={t('on-stage')} className="rounded-2xl border border-line bg-raised p-5 text-center">
      <p className="text-sm text-soft">{t(isShown ? 'hall-sees-talk' : 'hall-sees-board')}</p>
      {onStage === null ? (
        <p className="py-6 text-xl font-semibold">{t('nothing-yet')}</p>
      ) : (
        <>
          <p className="mt-2 text-2xl font-semibold leading-tight">{onStage.team ?? t('break')}</p>
          <p className="text-soft">
            {onStage.title}
            <Slides of={onStage} t={t} />
          </p>
          <p className="mt-3 text-6xl font-semibold tabular-nums">
            <StageClock clock={view.clock} warningMs={view.warningMs} now={view.now} texts={t} />
          </p>
          <p className="mt-1 text-sm text-soft">
            {t(`part-${part}`)}
            {onStage.place > 0 && ` · ${t('place', { place: onStage.place, count })}`}
          </p>
        </>
      )}
      <p className="mt-3 border-t border-rule pt-3">
        <span className="text-soft">{t('next-is')}</span>{' '}
        <b className="font-semibold">{next === null ? t('nobody') : (next.team ?? t('break'))}</b>
        <Slides of={next} t={t} />
      </p>
    </section>
  );
}

function Slides({ of, t }: { of: RemoteView['next']; t: Say }) {
  if (!of?.slides) return null;
  return (
    <>
      {' '}
      <a href={of.slides} rel="noreferrer" className="link text-ink" aria-label={`${t('slides')}: ${of.team}`}>
        {t('slides')}
      </a>
    </>
  );
}

function Buttons({ view, t }: PartProps) {
  const can = (command: Command) => view.pressable.includes(command);
  const running: Command = view.run === 'pause' ? 'pause' : 'start';
  const hall: Command = view.isShown ? 'board' : 'show';
  const press = (command: Command, look: ButtonLook = 'secondary') => (
    <Press key={command} command={command} look={look} isPossible={can(command)} label={t(`press-${command}`)} />
  );
  return (
    <fieldset className="grid grid-cols-2 gap-3">
      <legend className="sr-only">{t('remote')}</legend>
      <div className="col-span-2 grid">
        <Press
          key="run"
          command={running}
          look="primary"
          isPossible={can(running)}
          label={t(`press-${view.run}`)}
          keyName={t('key-space')}
        />
      </div>
      {press('more')}
      {press('questions')}
      {press('back')}
      {press('next', view.onStage === null ? 'primary' : 'secondary')}
      {press('again', 'quiet')}
      <Press key="hall" command={hall} look="quiet" isPossible={can(hall)} label={t(`press-${hall}`)} keyName="B" />
    </fieldset>
  );
}

type PressProps = { command: Command; look: ButtonLook; isPossible: boolean; label: string; keyName?: string };

/** A press under way holds the next one back; the button keeps the focus meanwhile. */
function Press({ command, look, isPossible, label, keyName = keyNames[command] }: PressProps) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      name="command"
      value={command}
      look={look}
      disabled={!isPossible}
      aria-busy={pending}
      aria-keyshortcuts={keyName}
      className="min-h-16 text-lg"
      onClick={(event) => pending && event.preventDefault()}
    >
      {label}
      {keyName && (
        <span
          aria-hidden="true"
          className="hidden rounded border border-current px-1.5 text-xs font-normal opacity-70 sm:inline"
        >
          {keyName}
        </span>
      )}
    </Button>
  );
}

/** A key presses the button that stands for its command, if that can be pressed. */
function useShortcuts(form: React.RefObject<HTMLFormElement | null>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent | ReactKeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('input, textarea, select, a')) return;
      // On a focused button the space bar is that button's.
      const isSpace = event.code === 'Space' && target?.closest('button') === null;
      const wanted = isSpace ? ['start', 'pause'] : event.code === 'KeyB' ? ['board', 'show'] : [keys[event.code]];
      const buttons = [...(form.current?.querySelectorAll<HTMLButtonElement>('button[name=command]') ?? [])];
      const button = buttons.find(({ value, disabled }) => !disabled && wanted.includes(value as Command));
      if (button === undefined) return;
      event.preventDefault();
      button.click();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [form, isOn]);
}
