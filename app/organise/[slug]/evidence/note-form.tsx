import { type FormEvent, useState } from 'react';
import type { ListedPair } from '#lib/evidence.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { postJson } from '../labels/ask.ts';
import { Outcome } from '../labels/outcome.tsx';
import { useAct } from '../labels/use-desk.ts';
import type { EvidencePlace } from './evidence-place.ts';

type Props = { place: EvidencePlace; sides: ListedPair['sides'] };

/** That somebody looked at a pair, and what they make of it; the decision is another page's. */
export function NoteForm({ place, sides: [first, second] }: Props) {
  const { slug, tell, t } = place;
  const act = useAct(t, place.onChange);
  const [note, setNote] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { first: first.teamId, second: second.teamId, note };
    const isDone = await act.run(
      () => postJson(slug, '/evidence/note', body),
      () => tell('note-saved'),
    );
    if (isDone) setNote('');
  };
  return (
    <form
      onSubmit={(event) => void submit(event)}
      aria-label={tell('note-of', { first: first.team, second: second.team })}
      className="mt-5 max-w-xl space-y-3"
    >
      <Field
        label={tell('note')}
        hint={tell('note-hint')}
        value={note}
        maxLength={500}
        required
        autoComplete="off"
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="secondary" size="small" disabled={act.isBusy} aria-busy={act.isBusy}>
          {tell('note-save')}
        </Button>
        <a className="link text-sm" href={`/organise/${slug}/eligibility`}>
          {tell('decide')}
        </a>
      </div>
      <Outcome act={act} place={place} />
    </form>
  );
}
