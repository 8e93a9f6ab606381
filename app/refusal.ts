import { unstable_rethrow } from 'next/navigation';
import { refusalOf } from '#lib/http.ts';
import { isMessageKey } from '#lib/messages/translate.ts';
import { pageLanguage } from './language.ts';

/** An action's "no": the stable code with its values, and the sentence in the reader's language that says what to do next. */
export type Refused = {
  status: 'refused';
  code: string;
  values: Record<string, string | number>;
  sentence: string;
};

/**
 * Runs an action and turns a refusal into an answer that its form shows beside the button; a database that cannot serve now is
 * one too. Everything else that is thrown passes through: the framework's redirects, which must, and broken assumptions, which
 * belong to the error page.
 */
export async function refusable<Result>(act: () => Promise<Result>): Promise<Result | Refused> {
  try {
    return await act();
  } catch (error) {
    unstable_rethrow(error);
    const { code, values } = refusalOf(error);
    if (code === 'internal') throw error;
    return { status: 'refused', code, values, sentence: await sentenceFor(code, values) };
  }
}

async function sentenceFor(code: string, values: Record<string, string | number>): Promise<string> {
  const { t } = await pageLanguage();
  const key = `common.error-${code}`;
  return isMessageKey(key) ? t(key, values) : t('common.error-internal');
}
