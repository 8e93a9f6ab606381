import type { MessageValues } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import { isMessageKey, translator } from '#lib/messages/translate.ts';

/** What is said of the API, by keys that are put together from names of routes, fields and codes. */
export type ApiTexts = {
  /** Throws where there is no such text: a route, parameter, header or code without words is not finished. */
  (key: string, values?: MessageValues): string;
  find(key: string, values?: MessageValues): string | null;
};

export function apiTexts(language: Language): ApiTexts {
  const t = translator(language);
  const find = (key: string, values?: MessageValues) => {
    const name = `api.${key}`;
    return isMessageKey(name) ? t(name, values) : null;
  };
  const get = (key: string, values?: MessageValues) => {
    const text = find(key, values);
    if (text === null) throw new Error(`no message "api.${key}"`);
    return text;
  };
  return Object.assign(get, { find });
}
