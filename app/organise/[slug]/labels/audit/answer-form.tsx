import { type FormEvent, useState } from 'react';
import type { AuditItem } from '#lib/label-audit.ts';
import type { LabelText } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { postJson } from '../ask.ts';
import { Outcome } from '../outcome.tsx';
import { useAct } from '../use-desk.ts';
import type { AuditPlace } from './audit-place.ts';

type Props = { place: AuditPlace; item: AuditItem; onAnswered: () => void };

/** One click for each thing that may be true; Enter in the text corrects the label. */
export function AnswerForm({ place, item: { id, label, evidence, state }, onAnswered }: Props) {
  const { say, slug, t } = place;
  const act = useAct(t, place.onChange);
  const [text, setText] = useState(evidence?.consensus ?? label.reference);
  const [reason, setReason] = useState(say('reason'));
  const answer = (change: LabelText | null) => {
    onAnswered();
    void act.run(
      () => postJson(slug, '/audit/answer', { id, label: change, reason }),
      () => say('answered'),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer({ ...label, reference: text });
  };
  const alternatives = [...new Set([...label.alternatives, text])];
  return (
    <form onSubmit={submit} aria-label={say('answer-label', { id })} className="max-w-xl space-y-3">
      <Field
        label={say('said')}
        value={text}
        maxLength={10_000}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Field
        label={t('reason')}
        value={reason}
        maxLength={500}
        required
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" size="small" disabled={act.isBusy} aria-busy={act.isBusy}>
          {say('fix')}
        </Button>
        <Button look="secondary" size="small" disabled={act.isBusy} onClick={() => answer({ ...label, alternatives })}>
          {say('also-right')}
        </Button>
        <Button
          look="secondary"
          size="small"
          disabled={act.isBusy}
          onClick={() => answer({ ...label, excluded: true })}
        >
          {say('exclude')}
        </Button>
        {state === 'open' && (
          <Button look="secondary" size="small" disabled={act.isBusy} onClick={() => answer(null)}>
            {say('dismiss')}
          </Button>
        )}
      </div>
      <Outcome act={act} place={place} />
    </form>
  );
}
