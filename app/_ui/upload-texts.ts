import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { ProblemsTexts } from './problems.tsx';

/** The messages that travel to the browser with the form. */
export type UploadMessages = {
  language: Language;
  upload: AreaMessages<'upload'>;
  problems: AreaMessages<'problems'>;
  table: ProblemsTexts;
};

export type UploadTexts = ReturnType<typeof uploadTexts>;

export function uploadTexts({ language, upload, problems, table }: UploadMessages) {
  return {
    language,
    table,
    t: translatorOf(upload, language),
    /** What is wrong with a file, or worth a look, as a sentence. */
    problem: translatorOf(problems, language),
  };
}
