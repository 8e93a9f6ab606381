'use client';

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { moved } from '#lib/moved.ts';
import { Button } from '#ui/button.tsx';
import { classNames } from '#ui/class-names.ts';
import { Notice } from '#ui/notice.tsx';
import { move } from './actions.ts';
import type { ProgrammeRow } from './programme-rows.tsx';

type Texts = { label: string; help: string; handle: string; up: string; down: string; moved: string; saving: string };
type Props = { slug: string; version: number; rows: readonly ProgrammeRow[]; isArranged: boolean; texts: Texts };

/**
 * The programme in its order. Lines are dragged by their handle with mouse or finger, or moved by buttons and arrow keys; each move
 * is saved at once and read out.
 */
export function ProgrammeList({ slug, version, rows, isArranged, texts }: Props) {
  const { order, held, isSaving, refusal, said, hold, drop, preview, step } = useOrder(slug, version, rows, texts);
  const list = useRef<HTMLOListElement>(null);
  const drag = {
    start: (event: PointerEvent<HTMLElement>, id: string) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      hold(id);
    },
    move: (event: PointerEvent<HTMLElement>) => {
      if (held !== null) preview(held.id, placeAt(list.current, event.clientY));
    },
  };
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (
    <>
      {isArranged && (
        <p className="screen-only mb-3 text-sm text-soft">
          {texts.help} {isSaving && texts.saving}
        </p>
      )}
      {refusal && (
        <Notice kind="error" live className="mb-3">
          {refusal}
        </Notice>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
      <ol ref={list} aria-label={texts.label} aria-busy={isSaving} className="divide-y divide-rule">
        {order.map((id, place) => {
          const row = byId.get(id);
          if (row === undefined) return null;
          return (
            <li
              key={id}
              data-slot={id}
              className={classNames('flex flex-wrap items-center gap-x-3 gap-y-2 py-3', held?.id === id && 'bg-sunk')}
            >
              {isArranged && (
                <Handle
                  texts={texts}
                  name={row.name}
                  onPointerDown={(event) => drag.start(event, id)}
                  onPointerMove={drag.move}
                  onPointerUp={drop}
                  onStep={(by) => step(id, by)}
                  isFirst={place === 0}
                  isLast={place === order.length - 1}
                />
              )}
              {row.content}
              {row.acts}
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** The order as it is seen here: the server's, with what has been moved since and is still on the way. */
function useOrder(slug: string, version: number, rows: readonly ProgrammeRow[], texts: Texts) {
  const key = rows.map(({ id }) => id).join();
  const [order, setOrder] = useState(rows.map(({ id }) => id));
  const [held, setHeld] = useState<{ id: string; from: number } | null>(null);
  const [underWay, setUnderWay] = useState(0);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const known = useRef(version);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    known.current = Math.max(known.current, version);
    // What comes while a line is held or a move is under way is older than what is seen.
    if (held === null && underWay === 0 && version === known.current) setOrder(key === '' ? [] : key.split(','));
  }, [key, version, held, underWay]);

  /** One after another: each is made upon the version that the one before it made. */
  const send = (id: string, to: number) => {
    setUnderWay((count) => count + 1);
    const save = async () => {
      const upon = known.current;
      const form = new FormData();
      for (const [name, value] of Object.entries({ version: upon, slot: id, to })) form.set(name, String(value));
      try {
        const answer = await move(slug, null, form);
        if (answer.status === 'done') known.current = Math.max(known.current, upon + 1);
        setRefusal(answer.status === 'refused' ? answer.sentence : null);
      } finally {
        setUnderWay((count) => count - 1);
      }
    };
    // A move that did not come through is seen to go back, and stops no later one.
    queue.current = queue.current.then(save, save);
  };
  const tell = (id: string, to: number) => {
    const name = rows.find((row) => row.id === id)?.name ?? '';
    const values: Record<string, string | number> = { name, place: to + 1, all: order.length };
    setSaid(texts.moved.replace(/\{(\w+)\}/g, (_all, value: string) => String(values[value])));
  };
  return {
    order,
    held,
    isSaving: underWay > 0,
    refusal,
    said,
    hold: (id: string) => setHeld({ id, from: order.indexOf(id) }),
    preview: (id: string, to: number) => setOrder((now) => moved(now, now.indexOf(id), to)),
    drop: () => {
      if (held === null) return;
      setHeld(null);
      const to = order.indexOf(held.id);
      if (to === held.from) return;
      tell(held.id, to);
      send(held.id, to);
    },
    step: (id: string, by: 1 | -1) => {
      const to = order.indexOf(id) + by;
      if (to < 0 || to >= order.length) return;
      setOrder(moved(order, order.indexOf(id), to));
      tell(id, to);
      send(id, to);
    },
  };
}

/** The place in the list that a height of the screen lies in. */
function placeAt(list: HTMLOListElement | null, y: number): number {
  const lines = [...(list?.children ?? [])].map((line) => line.getBoundingClientRect());
  const below = lines.findIndex(({ bottom }) => y < bottom);
  return below < 0 ? lines.length - 1 : below;
}

type HandleProps = {
  texts: Texts;
  name: string;
  isFirst: boolean;
  isLast: boolean;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: () => void;
  onStep: (by: 1 | -1) => void;
};

function Handle({ texts, name, isFirst, isLast, onStep, ...drag }: HandleProps) {
  const named = (text: string) => text.replace('{name}', name);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    onStep(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <div className="screen-only flex items-center gap-1">
      <Button
        look="quiet"
        size="small"
        aria-label={named(texts.handle)}
        className="cursor-grab touch-none no-underline!"
        onKeyDown={keys}
        onPointerCancel={drag.onPointerUp}
        {...drag}
      >
        <span aria-hidden="true">⠿</span>
      </Button>
      <Button look="secondary" size="small" aria-label={named(texts.up)} disabled={isFirst} onClick={() => onStep(-1)}>
        <span aria-hidden="true">↑</span>
      </Button>
      <Button look="secondary" size="small" aria-label={named(texts.down)} disabled={isLast} onClick={() => onStep(1)}>
        <span aria-hidden="true">↓</span>
      </Button>
    </div>
  );
}
