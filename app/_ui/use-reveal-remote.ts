import { useCallback, useEffect, useRef, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import type { RevealState } from '#lib/reveal.ts';
import { post } from './post.ts';

export type Move = 'next' | 'back' | 'all' | 'leave' | 'return';

/** A short break, such as a server's restart, is not worth a word. */
const silenceMs = 4000;
const retryMs = 3000;

export type RemoteControl = {
  /** What is on the screens; null before the first step. */
  state: RevealState | null;
  isBusy: boolean;
  isLost: boolean;
  /** Why the last press did nothing: a sentence, or 'offline'. */
  refusal: string | null;
  press(move: Move): Promise<void>;
};

/**
 * The remote's side of a reveal: follows what is on the screens, and presses upon it. A press that does not reach the server is over:
 * nothing is kept to be sent later, when it would open a step that nobody is looking at. Presses go to `pressUrl`.
 */
export function useRevealRemote(slug: string, pressUrl: string, initial: RevealState | null): RemoteControl {
  const [state, setState] = useState(initial);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const take = useCallback((next: RevealState) => {
    setState((before) => (before === null || next.revision >= before.revision ? next : before));
  }, []);
  const isLost = useFollowed(slug, take);
  const expected = state?.revision ?? 0;
  const isPressing = useRef(false);

  const press = useCallback(
    async (move: Move) => {
      // Keys repeat while they are held, and answers take a moment.
      if (isPressing.current) return;
      isPressing.current = true;
      setBusy(true);
      setRefusal(null);
      const answer = await post(`${pressUrl}?move=${move}&expected=${expected}`, null);
      if (answer.ok) take(await answer.response.json());
      else setRefusal(answer.code === null ? 'offline' : answer.sentence);
      setBusy(false);
      isPressing.current = false;
    },
    [pressUrl, expected, take],
  );
  return { state, isBusy, isLost, refusal, press };
}

/** Returns whether what was told last may be out of date. */
function useFollowed(slug: string, onReveal: (state: RevealState) => void): boolean {
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let source: EventSource;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(withBase(`/api/v1/competitions/${slug}/events`));
      source.onopen = () => {
        clearTimeout(silence);
        silence = undefined;
        setLost(false);
      };
      source.onerror = () => {
        silence ??= setTimeout(() => setLost(true), silenceMs);
        if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
      };
      source.addEventListener('reveal', ({ data }) => onReveal(JSON.parse(data)));
    };
    open();
    return () => {
      clearTimeout(silence);
      clearTimeout(retry);
      source.close();
    };
  }, [slug, onReveal]);
  return isLost;
}

const keys: Readonly<Record<string, Move>> = {
  ArrowRight: 'next',
  PageDown: 'next',
  ' ': 'next',
  ArrowLeft: 'back',
  PageUp: 'back',
};

/** Keyboard and presenters' remotes; not while somebody types, nor where the key presses a button by itself. */
export function useKeys(press: (move: Move) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const move = keys[event.key];
      const target = event.target instanceof HTMLElement ? event.target : null;
      const isElsewhere = target?.closest('input, textarea, select, dialog') !== null && target !== null;
      const pressesButton = event.key === ' ' && target?.closest('button, a, summary') != null;
      if (!move || event.repeat || isElsewhere || pressesButton) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      press(move);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [press]);
}
