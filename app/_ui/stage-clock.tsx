'use client';

import { useEffect, useState } from 'react';
import { clockText } from '#lib/stage.ts';
import { classNames } from './class-names.ts';
import { clockNow, setClock } from './clock.ts';
import type { RemoteView } from './remote-view.ts';

type Props = Pick<RemoteView, 'clock' | 'warningMs' | 'now'> & { texts: (key: 'warning' | 'over') => string };

/** The stage's clock by the server's time: a sign and a colour when little is left, and counted up once it is over. */
export function StageClock({ clock, warningMs, now, texts }: Props) {
  const leftMs = useLeft(clock, now);
  const state = leftMs <= 0 ? 'over' : leftMs <= warningMs ? 'warning' : null;
  return (
    <time
      role="timer"
      className={classNames('whitespace-nowrap', state === 'over' ? 'text-bad' : state && 'text-warn')}
    >
      {state && (
        <span aria-hidden="true" className="align-[0.25em] text-3xl">
          {state === 'over' ? '■ ' : '▲ '}
        </span>
      )}
      {clockText(leftMs)}
      {state && <span className="block text-base font-semibold">{texts(state)}</span>}
    </time>
  );
}

function useLeft(clock: RemoteView['clock'], now: string): number {
  const left = () => ('leftMs' in clock ? clock.leftMs : Date.parse(clock.endsAt) - (clockNow() ?? Date.parse(now)));
  const [, redraw] = useState(0);
  useEffect(() => {
    // A page of a moment ago, never one from a cache.
    setClock(now, 'answer');
    const timer = setInterval(() => redraw((count) => count + 1), 200);
    return () => clearInterval(timer);
  }, [now]);
  return left();
}
