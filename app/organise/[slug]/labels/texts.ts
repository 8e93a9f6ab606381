import type { translatorOf } from '#lib/messages/format.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { Formats } from '#ui/format.ts';
import type { ProblemsTexts } from '#ui/problems.tsx';

type Messages = AreaMessages<'labels'>;
export type Translate = ReturnType<typeof translatorOf<Messages>>;

/** What every part of the page needs: whose labels, and how to say things. `onChange`: the labels are others than before. */
export type Place = {
  slug: string;
  t: Translate;
  formats: Formats;
  print: (instant: string) => string;
  problems: ProblemsTexts;
  onChange: () => void;
};
