import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { AuditFilter, AuditPage, AuditState } from '#lib/label-audit.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { useDesk } from '../use-desk.ts';
import type { AuditPlace } from './audit-place.ts';
import { Question } from './question.tsx';

type Props = { place: AuditPlace; state: AuditState; only: AuditFilter; turn: number };

/** A page of what is in question, walked through with j and k; the one that took an answered one's place is gone to. */
export function QuestionList({ place, state, only, turn }: Props) {
  const { slug, say } = place;
  const [page, setPage] = useState(1);
  const { value, refusal } = useDesk<AuditPage>(
    slug,
    `/audit/questions?${new URLSearchParams({ only, page: String(page) })}`,
    turn,
    null,
  );
  const list = useRef<HTMLOListElement>(null);
  const goTo = useRef<number | null>(null);
  const items = value?.items ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: gone to once the list is another
  useEffect(() => {
    if (goTo.current !== null) focusItem(list.current, Math.min(goTo.current, items.length - 1));
    goTo.current = null;
  }, [value]);
  if (value === null) {
    return refusal === null ? (
      <p role="status">{place.t('loading')}</p>
    ) : (
      <Notice kind="error">{refusal.sentence}</Notice>
    );
  }
  if (items.length === 0 && page > 1) setPage(page - 1);
  const pages = Math.ceil(value.total / value.pageSize);
  return (
    <>
      {items.length === 0 && <p>{say(`none-${only}`)}</p>}
      {items.length > 0 && <p className="hidden text-sm text-soft sm:block">{say('keys')}</p>}
      <ol ref={list} onKeyDown={(event) => walk(event, list.current)} className="divide-y divide-rule">
        {items.map((item, at) => (
          <Question
            key={`${item.id} ${item.state}`}
            place={place}
            item={item}
            systems={state.systems}
            onAnswered={() => {
              goTo.current = at;
            }}
          />
        ))}
      </ol>
      {pages > 1 && (
        <div className="flex flex-wrap items-center gap-4">
          <Button look="secondary" size="small" disabled={page === 1} onClick={() => setPage(page - 1)}>
            {place.t('previous')}
          </Button>
          <span className="text-sm">{place.t('page', { page, pages })}</span>
          <Button look="secondary" size="small" disabled={page >= pages} onClick={() => setPage(page + 1)}>
            {place.t('next')}
          </Button>
        </div>
      )}
    </>
  );
}

function focusItem(list: HTMLOListElement | null, at: number): void {
  const item = list?.children[at];
  if (!(item instanceof HTMLElement)) return;
  item.focus();
  item.scrollIntoView({ block: 'nearest' });
}

/** j: the next; k: the one before; p: to hear it, or to stop; Enter: to its text. Whoever types in a field only types. */
function walk(event: KeyboardEvent<HTMLOListElement>, list: HTMLOListElement | null): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select') !== null) return;
  const item = target.closest('li[data-question]');
  if (!(item instanceof HTMLElement) || list === null) return;
  const at = [...list.children].indexOf(item);
  if (event.key === 'j') focusItem(list, at + 1);
  else if (event.key === 'k') focusItem(list, at - 1);
  else if (event.key === 'p') playOrStop(item.querySelector('audio'));
  else if (event.key === 'Enter' && target === item) item.querySelector('input')?.focus();
  else return;
  event.preventDefault();
}

function playOrStop(audio: HTMLAudioElement | null): void {
  if (audio?.paused) void audio.play();
  else audio?.pause();
}
