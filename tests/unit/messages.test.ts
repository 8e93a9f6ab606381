import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { formatMessage, translatorOf } from '#lib/messages/format.ts';
import { chooseLanguage, languages } from '#lib/messages/language.ts';
import { isMessageKey, messagesOf, translator } from '#lib/messages/translate.ts';
import { sentenceOf } from '#lib/problems.ts';

const folder = new URL('../../lib/messages/', import.meta.url);
const areas = readdirSync(new URL('en/', folder)).map((name) => name.replace('.json', ''));

function messagesIn(language: string, area: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`${language}/${area}.json`, folder), 'utf8'));
}

/** Names of the values a message takes, however deep in its plurals and selects. */
function placeholders(message: string): string[] {
  const names = new Set<string>();
  const visit = (elements: unknown[]) => {
    for (const element of elements as {
      type: number;
      value?: unknown;
      options?: Record<string, { value: unknown[] }>;
    }[]) {
      const isLiteralOrPound = element.type === 0 || element.type === 7;
      if (!isLiteralOrPound && typeof element.value === 'string') names.add(element.value);
      for (const option of Object.values(element.options ?? {})) visit(option.value);
    }
  };
  visit(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe.each(areas)('messages of %s', (area) => {
  const english = messagesIn('en', area);
  const russian = messagesIn('ru', area);

  test('have the same keys in both languages', () => {
    expect(Object.keys(russian).sort()).toEqual(Object.keys(english).sort());
  });

  test('take the same values in both languages', () => {
    const taken = (messages: Record<string, string>) =>
      Object.fromEntries(Object.entries(messages).map(([key, message]) => [key, placeholders(message)]));
    expect(taken(russian)).toEqual(taken(english));
  });

  test('are known to the translator', () => {
    for (const key of Object.keys(english)) expect(isMessageKey(`${area}.${key}`), key).toBe(true);
  });

  test('give every Russian plural its four forms', () => {
    for (const [key, message] of Object.entries(russian)) {
      if (!message.includes(', plural,')) continue;
      for (const form of ['one {', 'few {', 'many {', 'other {']) expect(message, key).toContain(form);
    }
  });
});

test('both languages have the same areas', () => {
  const inRussian = readdirSync(new URL('ru/', folder)).map((name) => name.replace('.json', ''));
  expect(inRussian).toEqual(areas);
});

test('placeholders are found inside plurals and selects', () => {
  expect(placeholders('{a} {n, plural, one {# {b}} other {{c, number}}} {s, select, x {{d}} other {}} <e>')).toEqual([
    'a',
    'b',
    'c',
    'd',
    'n',
    's',
  ]);
});

test('Russian numerals agree with their noun', () => {
  const t = translator('ru');
  const fields = (found: number) => t('problems.fields-few', { found, expected: 9 }).split(',')[0];
  expect([1, 2, 5, 11, 21, 22].map(fields)).toEqual(['1 поле', '2 поля', '5 полей', '11 полей', '21 поле', '22 поля']);
});

test('a translator over one area takes its keys without the name of the area', () => {
  for (const language of languages) {
    const t = translatorOf(messagesOf('problems', language), language);
    expect(t('id-unknown', { id: 'u-19' })).toBe(translator(language)('problems.id-unknown', { id: 'u-19' }));
  }
});

test('a value that the message needs and nobody gave is an error, not an empty place', () => {
  expect(() => formatMessage('{left} of 5', 'en')).toThrow(/left/);
});

test('markup in a value or message is text', () => {
  expect(formatMessage('write <b>{name}</b>', 'en', { name: '<i>' })).toBe('write <b><i></b>');
});

test('names every object has are not messages', () => {
  expect(['problems.toString', 'problems.__proto__', '__proto__.toString', 'nothing', ''].filter(isMessageKey)).toEqual(
    [],
  );
});

test('a stored problem whose code has gone reads as its code', () => {
  expect(sentenceOf({ code: 'gone-for-good', values: {} }, translator('en'))).toBe('gone-for-good');
});

test.each([
  ['en_US.UTF-8', 'en'],
  ['ru_RU.UTF-8', 'ru'],
  ['en-GB,en;q=0.9,ru;q=0.8', 'en'],
  ['de, ru;q=0.5', 'ru'],
  ['C.UTF-8', 'ru'],
  ['rum, ens', 'ru'],
])('the locale %s is read as %s', (accepted, language) => {
  expect(chooseLanguage(undefined, accepted)).toBe(language);
});
