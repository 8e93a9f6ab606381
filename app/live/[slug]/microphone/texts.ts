import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { type Formats, formatsFor } from '#ui/format.ts';

export type MicrophoneMessages = AreaMessages<'microphone'>;

/** The page's words and figures in the reader's language. */
export type Texts = { t: ReturnType<typeof translatorOf<MicrophoneMessages>>; formats: Formats };

export function textsOf(messages: MicrophoneMessages, language: Language): Texts {
  return { t: translatorOf(messages, language), formats: formatsFor(language) };
}
