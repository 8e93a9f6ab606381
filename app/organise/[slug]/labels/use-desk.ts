import { useCallback, useEffect, useState } from 'react';
import { type Answer, ask, type Refusal } from './ask.ts';
import type { Translate } from './texts.ts';

/** What the desk says under `path`, asked again whenever `turn` changes and every `everyMs` while that is given. */
export function useDesk<Value>(slug: string, path: string, turn: number, everyMs: number | null): Loaded<Value> {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ value: null, refusal: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is no value, only a reason to ask again
  useEffect(() => {
    let isOver = false;
    const load = async () => {
      const answer = await ask<Value>(slug, path);
      if (isOver) return;
      // What was read stays in sight while the worker is away.
      setLoaded((before) =>
        answer.ok ? { value: answer.value, refusal: null } : { value: before.value, refusal: answer },
      );
    };
    void load();
    const timer = everyMs === null ? undefined : setInterval(() => void load(), everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [slug, path, turn, everyMs]);
  return loaded;
}
export type Loaded<Value> = { value: Value | null; refusal: Refusal | null };

/** The same of work that the scoring side does: asked again every `everyMs` while it is under way, and after `onChange`. */
export function useDeskWork<State extends { last: { state: string } | null }>(
  slug: string,
  path: string,
  everyMs: number,
) {
  const [turn, setTurn] = useState(0);
  const [isWatching, setWatching] = useState(false);
  const onChange = useCallback(() => setTurn((before) => before + 1), []);
  const { value: state, refusal } = useDesk<State>(slug, path, turn, isWatching ? everyMs : null);
  const isUnderWay = state?.last?.state === 'queued' || state?.last?.state === 'running';
  if (isUnderWay !== isWatching) setWatching(isUnderWay);
  return { state, refusal, turn, onChange };
}

/** One act at a time, with what came of it. */
export type Act = {
  isBusy: boolean;
  done: string | null;
  refusal: Refusal | null;
  run<Value>(send: () => Promise<Answer<Value>>, saying: (t: Translate, value: Value) => string): Promise<boolean>;
};

export function useAct(t: Translate, onDone: () => void): Act {
  const [state, setState] = useState<Omit<Act, 'run'>>({ isBusy: false, done: null, refusal: null });
  const run = useCallback<Act['run']>(
    async (send, saying) => {
      setState({ isBusy: true, done: null, refusal: null });
      const answer = await send();
      const done = answer.ok ? saying(t, answer.value) : null;
      setState({ isBusy: false, done, refusal: answer.ok ? null : answer });
      onDone();
      return answer.ok;
    },
    [t, onDone],
  );
  return { ...state, run };
}
