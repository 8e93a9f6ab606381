import type { NamedCriterion, Sheet } from '#lib/db/jury.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, TextArea } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { saveMarks } from './actions.ts';

type Props = {
  t: Translate;
  language: Language;
  teamId: string;
  criteria: readonly NamedCriterion[];
  sheet: Sheet | undefined;
};

/** With more, keys for a thumb no longer fit and the mark is typed. */
const mostKeys = 12;

/** Marks by criteria, each a row of keys. What is not marked yet may be left for later. */
export function SheetForm({ t, language, teamId, criteria, sheet }: Props) {
  return (
    <ActionForm action={saveMarks} className="mt-5 space-y-6">
      <input type="hidden" name="team" value={teamId} />
      {criteria.map((criterion) => (
        <Scale
          key={criterion.id}
          id={criterion.id}
          name={language === 'ru' ? criterion.nameRu : criterion.nameEn}
          highest={criterion.highest}
          mark={sheet?.marks[criterion.id]}
        />
      ))}
      <TextArea
        name="comment"
        maxLength={2000}
        label={t('jury.comment')}
        hint={t('jury.comment-hint')}
        defaultValue={sheet?.comment}
      />
      <SubmitButton pending={t('defence.saving')} className="w-full sm:w-auto">
        {t('jury.save')}
      </SubmitButton>
    </ActionForm>
  );
}

type ScaleProps = { id: string; name: string; highest: number; mark: number | undefined };

function Scale({ id, name, highest, mark }: ScaleProps) {
  if (highest > mostKeys) {
    return (
      <Field
        type="number"
        inputMode="numeric"
        name={`mark-${id}`}
        min={1}
        max={highest}
        label={`${name} (1–${highest})`}
        defaultValue={mark ?? ''}
      />
    );
  }
  return (
    <fieldset>
      <legend className="mb-2 font-medium">{name}</legend>
      <div className="grid grid-cols-5 gap-2 sm:flex">
        {Array.from({ length: highest }, (_, i) => i + 1).map((value) => (
          <label
            key={value}
            className="grid min-h-12 min-w-12 cursor-pointer place-items-center rounded-lg border border-line text-lg has-checked:border-ink has-checked:bg-ink has-checked:font-semibold has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input type="radio" name={`mark-${id}`} value={value} defaultChecked={mark === value} className="sr-only" />
            {value}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
