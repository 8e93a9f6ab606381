'use client';

import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { type Option, Select, TextArea } from '#ui/field.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { useAnswer } from '#ui/use-answer.ts';
import { longestText } from './look.ts';
import { Result } from './result.tsx';
import type { Asked, Seen } from './see.ts';

type Props = {
  action: (previous: unknown, form: FormData) => Promise<Seen>;
  /** What the address asked for, and the answer to it. */
  asked: Asked;
  first: Seen | null;
  options: readonly Option[];
  messages: AreaMessages<'scoring'>;
  language: Language;
};

/** A text and the rules to look at it through; what is seen stands below. Works without JavaScript too. */
export function LookForm({ action, asked, first, options, messages, language }: Props) {
  const t = translatorOf(messages, language);
  const [answer, submit] = useAnswer<Seen>(action);
  const seen = answer ?? first;
  const { text, choice } = (seen !== null && 'asked' in seen && seen.asked) || asked;
  return (
    <>
      {/* React empties a form once its action is done; the fields hold what was typed instead. */}
      <form action={submit} onReset={(event) => event.preventDefault()} className="space-y-5">
        <TextArea
          name="text"
          label={t('normalise-text')}
          hint={t('normalise-text-hint', { most: formatsFor(language).number(longestText) })}
          rows={5}
          required
          spellCheck={false}
          defaultValue={text}
        />
        <Select name="profile" label={t('normalise-profile')} options={options} defaultValue={choice} />
        <SubmitButton pending={t('normalise-showing')}>{t('normalise-show')}</SubmitButton>
      </form>
      <div aria-live="polite" className="mt-8">
        {seen?.status === 'refused' && <Notice kind="error">{seen.sentence}</Notice>}
        {seen?.status === 'seen' && <Result t={t} lines={seen.lines} />}
      </div>
    </>
  );
}
