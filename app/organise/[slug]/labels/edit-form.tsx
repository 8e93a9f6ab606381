import { type FormEvent, useState } from 'react';
import type { Edited, ListedLabel } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Checkbox, Field, TextArea } from '#ui/field.tsx';
import { postJson } from './ask.ts';
import { Outcome } from './outcome.tsx';
import type { Place } from './texts.ts';
import { useAct } from './use-desk.ts';

/** Puts one utterance into the draft as it should stand. */
export function EditForm({ place, label }: { place: Place; label: ListedLabel }) {
  const { t, slug } = place;
  const act = useAct(t, place.onChange);
  const [reference, setReference] = useState(label.reference);
  const [alternatives, setAlternatives] = useState(label.alternatives.join('\n'));
  const [excluded, setExcluded] = useState(label.excluded);
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lines = alternatives.split('\n').filter((line) => line.trim() !== '');
    const body = { id: label.id, reference, alternatives: lines, excluded, reason };
    void act.run(
      () => postJson<Edited>(slug, '/edit', body),
      (say, { changed }) => say('saved', { changed }),
    );
  };
  return (
    <form onSubmit={submit} className="max-w-xl space-y-4 rounded-xl bg-sunk p-4">
      <Field
        label={t('reference')}
        value={reference}
        maxLength={10_000}
        onChange={(event) => setReference(event.target.value)}
      />
      <TextArea
        label={t('alternatives-field')}
        hint={t('alternatives-hint')}
        rows={3}
        value={alternatives}
        onChange={(event) => setAlternatives(event.target.value)}
      />
      <Checkbox label={t('exclude')} checked={excluded} onChange={(event) => setExcluded(event.target.checked)} />
      <Field
        label={t('reason')}
        hint={t('reason-hint')}
        value={reason}
        maxLength={500}
        required
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="submit" disabled={act.isBusy} aria-busy={act.isBusy}>
        {t(act.isBusy ? 'saving' : 'save')}
      </Button>
      <Outcome act={act} place={place} />
    </form>
  );
}
