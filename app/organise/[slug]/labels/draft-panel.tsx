import { type FormEvent, useState } from 'react';
import type { DraftState, LabelChanges, LabelState, RescoreState } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { ask, postJson } from './ask.ts';
import { Difference } from './difference.tsx';
import { Outcome } from './outcome.tsx';
import type { Place } from './texts.ts';
import { type Act, useAct } from './use-desk.ts';

/** What the draft changes, what its rescore found, and the way into force. */
export function DraftPanel({ place, state }: { place: Place; state: LabelState }) {
  const { t } = place;
  const act = useAct(t, place.onChange);
  const { draft, labelVersion, isFrozen } = state;
  return (
    <Panel
      title={draft === null ? t('in-force', { version: labelVersion }) : t('draft-title', { version: draft.version })}
      aside={draft === null ? undefined : t('in-force', { version: labelVersion })}
    >
      {draft === null ? <p>{t('draft-none')}</p> : <Open {...{ place, act, draft, isFrozen }} />}
      <Outcome act={act} place={place} />
    </Panel>
  );
}

type OpenProps = { place: Place; act: Act; draft: DraftState; isFrozen: boolean };

function Open({ place, act, draft, isFrozen }: OpenProps) {
  const { t, slug } = place;
  const { rescore } = draft;
  const isUnderWay = rescore?.state === 'queued' || rescore?.state === 'running';
  const isReady = rescore?.state === 'done' && rescore.isCurrent;
  const start = () =>
    act.run(
      () => ask(slug, '/rescore', { method: 'POST' }),
      () => '',
    );
  return (
    <div className="space-y-5">
      <Changes place={place} changes={draft.changes} />
      {rescore !== null && <Rescore place={place} rescore={rescore} />}
      {isReady && rescore.difference && (
        <Difference place={place} difference={rescore.difference} isFrozen={isFrozen} />
      )}
      {!isUnderWay && (
        <div>
          {!isReady && <p className="mb-3 max-w-prose text-soft">{t('rescore-text')}</p>}
          <Button look={isReady ? 'secondary' : 'primary'} disabled={act.isBusy} onClick={() => void start()}>
            {t(isReady ? 'rescore-again' : 'rescore')}
          </Button>
        </div>
      )}
      {!isUnderWay && <EndForm place={place} act={act} isReady={isReady} />}
    </div>
  );
}

function Changes({ place: { t }, changes }: { place: Place; changes: LabelChanges }) {
  const kinds = ['corrected', 'alternatives', 'excluded', 'restored'] as const;
  const some = kinds.filter((kind) => changes[kind] > 0);
  if (some.length === 0) return <p>{t('draft-empty')}</p>;
  return (
    <ul className="list-disc pl-5">
      {some.map((kind) => (
        <li key={kind}>{t(`change-${kind}`, { count: changes[kind] })}</li>
      ))}
    </ul>
  );
}

function Rescore({ place: { t }, rescore }: { place: Place; rescore: RescoreState }) {
  const { state, done, total, failure, isCurrent } = rescore;
  if (state === 'queued' || total === null)
    return state === 'failed' ? null : <p role="status">{t('rescore-queued')}</p>;
  if (state === 'running') {
    const text = t('rescoring', { done, total });
    return (
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <progress
          max={Math.max(1, total)}
          value={done}
          aria-label={text}
          className="h-2 w-64 max-w-full accent-accent"
        />
        <p className="text-sm">{text}</p>
      </div>
    );
  }
  if (state === 'failed') {
    return <Notice kind="error">{t(failure === 'overtaken' ? 'failure-overtaken' : 'failure-internal')}</Notice>;
  }
  return isCurrent ? null : <Notice kind="warning">{t('rescore-stale')}</Notice>;
}

/** Both ways end the draft, and both are told of in the log. */
function EndForm({ place, act, isReady }: { place: Place; act: Act; isReady: boolean }) {
  const { t, slug } = place;
  const [reason, setReason] = useState('');
  const end = (way: 'apply' | 'discard') =>
    act.run(
      () => postJson(slug, `/${way}`, { reason }),
      (say) => say(way === 'apply' ? 'applied' : 'discarded'),
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) void end('apply');
  };
  return (
    <form onSubmit={submit} className="space-y-4 border-t border-rule pt-5">
      <Field
        label={t('reason')}
        hint={t('reason-log-hint')}
        value={reason}
        maxLength={500}
        required
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="flex flex-wrap gap-3">
        {isReady && (
          <Button type="submit" disabled={act.isBusy} aria-busy={act.isBusy}>
            {t(act.isBusy ? 'applying' : 'apply')}
          </Button>
        )}
        <Button look="danger" disabled={act.isBusy} onClick={() => void end('discard')}>
          {t('discard')}
        </Button>
      </div>
    </form>
  );
}
