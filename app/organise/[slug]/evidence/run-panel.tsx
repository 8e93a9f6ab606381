import type { ComparisonRun, EvidenceState } from '#lib/evidence.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { ask } from '../labels/ask.ts';
import { Outcome } from '../labels/outcome.tsx';
import { useAct } from '../labels/use-desk.ts';
import type { EvidencePlace } from './evidence-place.ts';

/** The last comparison, and the next. */
export function RunPanel({ place, state }: { place: EvidencePlace; state: EvidenceState }) {
  const { slug, tell, t } = place;
  const act = useAct(t, place.onChange);
  const { last, teams, knownSystems } = state;
  const isUnderWay = last?.state === 'queued' || last?.state === 'running';
  const start = () =>
    act.run(
      () => ask(slug, '/evidence/start', { method: 'POST' }),
      () => '',
    );
  return (
    <Panel title={tell('run')}>
      {last === null ? <p>{tell('never')}</p> : <Last place={place} last={last} />}
      <p className="mt-2 max-w-prose text-soft">
        {tell('would-compare', { teams, known: knownSystems })} {teams < 2 && tell('too-few')}
      </p>
      <p className="mt-2 max-w-prose text-soft">
        {tell('bring-models')}{' '}
        <a className="link" href={`/organise/${slug}/labels/audit`}>
          {tell('bring-models-link')}
        </a>
        ; {tell('bring-models-why')}
      </p>
      {!isUnderWay && (
        <Button
          className="mt-4"
          look={last === null ? 'primary' : 'secondary'}
          disabled={act.isBusy || teams < 2}
          onClick={() => void start()}
        >
          {tell(last === null ? 'start' : 'start-again')}
        </Button>
      )}
      <Outcome act={act} place={place} />
    </Panel>
  );
}

function Last({ place: { tell, print }, last }: { place: EvidencePlace; last: ComparisonRun }) {
  if (last.state === 'failed') {
    return <Notice kind="error">{tell(last.failure === 'too-few' ? 'failure-too-few' : 'failure-internal')}</Notice>;
  }
  if (last.state !== 'done') return <p role="status">{tell(last.state)}</p>;
  const { finishedAt, teams, knownSystems } = last;
  return <p className="max-w-prose">{tell('done', { at: print(finishedAt), teams, known: knownSystems })}</p>;
}
