import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from './language.ts';

export type MessageValues = Record<string, string | number | Date>;

/** Parsing a message costs some 50 µs, formatting 1 µs; messages are few and constant, so the cache is bounded by them. */
const formatters: Record<Language, Map<string, IntlMessageFormat>> = { ru: new Map(), en: new Map() };

/** One ICU message in one language. `<` is text here: messages hold no markup. Throws where a value is missing. */
export function formatMessage(message: string, language: Language, values: MessageValues = {}): string {
  let formatter = formatters[language].get(message);
  if (!formatter) {
    formatter = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    formatters[language].set(message, formatter);
  }
  return String(formatter.format(values));
}

/**
 * A translator over the messages of one area, keys without the area's name. For client components: this module imports no
 * messages, so only those that the server component hands over (`messagesOf(area, language)`) travel to the browser.
 */
export function translatorOf<Messages extends Record<string, string>>(
  messages: Messages,
  language: Language,
): (key: keyof Messages & string, values?: MessageValues) => string {
  return (key, values) => {
    const message = messages[key];
    if (message === undefined) throw new Error(`no message "${key}" in ${language}`);
    return formatMessage(message, language, values);
  };
}
