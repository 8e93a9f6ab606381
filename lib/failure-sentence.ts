import { isMessageKey, type Translate } from '#lib/messages/translate.ts';

/** Why the platform could not score a file, for people. A stored reason that is no longer known reads as that code. */
export function failureSentence(reason: string, t: Translate): string {
  const key = `upload.failure-${reason}`;
  return isMessageKey(key) ? t(key) : reason;
}
