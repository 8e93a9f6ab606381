import type { Competition } from '#lib/competition.ts';
import type { Language } from '#lib/messages/language.ts';
import { messagesOf, type Translate } from '#lib/messages/translate.ts';
import { problemsTexts } from './problems.tsx';
import type { UploadMessages } from './upload-texts.ts';
import type { CheckedFor } from './use-file-check.ts';

type Given = { competition: Competition; language: Language; t: Translate };

/** What every form that takes a predictions file gets from its page. */
export function uploadProps({ competition, language, t }: Given): { checkedFor: CheckedFor; messages: UploadMessages } {
  const { slug, profile, mapping } = competition;
  return {
    checkedFor: { slug, profile, hasMapping: mapping !== null },
    messages: {
      language,
      upload: messagesOf('upload', language),
      problems: messagesOf('problems', language),
      table: problemsTexts(t),
    },
  };
}
