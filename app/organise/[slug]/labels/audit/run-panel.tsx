import type { AuditRun, AuditState } from '#lib/label-audit.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { ask } from '../ask.ts';
import { Outcome } from '../outcome.tsx';
import { useAct } from '../use-desk.ts';
import type { AuditPlace } from './audit-place.ts';

/** The last audit, and the next. */
export function RunPanel({ place, state }: { place: AuditPlace; state: AuditState }) {
  const { slug, say, t } = place;
  const act = useAct(t, place.onChange);
  const { last, outputs, entries } = state;
  const isUnderWay = last?.state === 'queued' || last?.state === 'running';
  const start = () =>
    act.run(
      () => ask(slug, '/audit/start', { method: 'POST' }),
      () => '',
    );
  return (
    <Panel title={say('run')}>
      {last === null ? <p>{say('never')}</p> : <Last place={place} last={last} systems={state.systems.length} />}
      <p className="mt-2 max-w-prose text-soft">
        {say('would-hear', { files: outputs.length, entries })}
        {outputs.length + entries < 2 && ` ${say('too-few')}`}
      </p>
      {!isUnderWay && (
        <Button
          className="mt-4"
          look={last === null ? 'primary' : 'secondary'}
          disabled={act.isBusy || outputs.length + entries < 2}
          onClick={() => void start()}
        >
          {say(last === null ? 'start' : 'start-again')}
        </Button>
      )}
      <Outcome act={act} place={place} />
    </Panel>
  );
}

function Last({ place, last, systems }: { place: AuditPlace; last: AuditRun; systems: number }) {
  const { say, print, formats } = place;
  if (last.state === 'failed') {
    return <Notice kind="error">{say(last.failure === 'too-few' ? 'failure-too-few' : 'failure-internal')}</Notice>;
  }
  if (last.state !== 'done') return <p role="status">{say(last.state)}</p>;
  const { finishedAt, audited, effectiveSystems } = last;
  const worth = formats.number(Math.round(10 * effectiveSystems) / 10);
  return <p className="max-w-prose">{say('done', { at: print(finishedAt), audited, systems, worth })}</p>;
}
