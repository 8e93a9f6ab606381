import { useCallback, useEffect, useRef, useState } from 'react';
import type { Heard } from '#scoring/baseline/browser-listener.ts';
import type { ServedModel } from '#scoring/baseline/browser-model.ts';
import type { Failure, ListenAnswer, ListenRequest, Readiness, Source } from './listen.ts';

export type ListenerState =
  | { readonly status: 'loading' }
  | ({ readonly status: 'ready' } & Readiness)
  | { readonly status: 'failed'; readonly failure: Failure };

/** 'unreadable': no sound in it; 'failed': the state says why; 'given-up': somebody did not want to wait. */
export type Outcome = Heard | 'unreadable' | 'failed' | 'given-up';

export type Listening = {
  readonly state: ListenerState;
  /** One at a time: another one gives the first up. */
  listen(source: Source): Promise<Outcome>;
  /** The worker ends where it is, and a fresh one loads. */
  giveUp(): void;
};

/** The model in a worker of its own, for as long as the page is open. */
export function useListener(model: ServedModel): Listening {
  const [state, setState] = useState<ListenerState>({ status: 'loading' });
  const [generation, setGeneration] = useState(0);
  const worker = useRef<Worker | null>(null);
  const settle = useRef<((outcome: Outcome) => void) | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a worker that was ended is followed by another
  useEffect(() => {
    const finish = (outcome: Outcome) => {
      settle.current?.(outcome);
      settle.current = null;
    };
    const fail = (failure: Failure) => {
      setState({ status: 'failed', failure });
      finish('failed');
    };
    setState({ status: 'loading' });
    const started = new Worker(new URL('./listen.worker.ts', import.meta.url), { type: 'module' });
    started.onerror = () => fail('broken');
    started.onmessage = ({ data }: MessageEvent<ListenAnswer>) => {
      if (data.kind === 'failed') fail(data.failure);
      else if (data.kind === 'unreadable') finish('unreadable');
      else if (data.kind === 'heard') finish(data.heard);
      else setState({ status: 'ready', rung: data.rung, device: data.device, skipped: data.skipped });
    };
    tell(started, { kind: 'open', model });
    worker.current = started;
    return () => {
      started.terminate();
      finish('given-up');
    };
  }, [model, generation]);

  const giveUp = useCallback(() => setGeneration((before) => before + 1), []);
  const listen = useCallback(
    (source: Source) =>
      new Promise<Outcome>((resolve) => {
        settle.current?.('given-up');
        settle.current = resolve;
        if (worker.current === null) resolve('failed');
        else tell(worker.current, { kind: 'listen', source });
      }),
    [],
  );
  return { state, listen, giveUp };
}

function tell(worker: Worker, request: ListenRequest): void {
  worker.postMessage(request);
}
