import { describe, expect, test } from 'vitest';
import { localLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { bothWays } from '../kernel-both-ways.ts';

describe('what the kernel is not sure of', () => {
  const references = Buffer.from('u1 раз два\nu2 три\nu3 четыре пять\n');

  test.each([
    ['an id is missing', 'u1 раз\nu2 три\n'],
    ['an id is unknown', 'u1 раз\nu2 три\nu4 пять\n'],
    ['an id stands twice', 'u1 раз\nu2 три\nu2 пять\nu3 пять\n'],
    ['an id stands twice for another', 'u1 раз\nu2 три\nu2 пять\n'],
    ['a control character is in it', 'u1 раз\u0007\nu2 три\nu3 пять\n'],
    ['a C1 control character is in it', 'u1 раз\u0085\nu2 три\u0090\nu3 пять\n'],
    ['a carriage return stands alone', 'u1 раз\rдва\nu2 три\nu3 пять\n'],
    ['a trn line has no id', 'раз (u1)\nтри\nпять (u3)\n', 'trn'],
    ['a quote is not closed', 'id,text\nu1,"раз\nu2,три\nu3,пять\n'],
    ['text follows a quote', 'id,text\nu1,"раз" два\nu2,три\nu3,пять\n'],
    ['a row has too few fields', 'id,text\nu1\nu2,три\nu3,пять\n'],
    ['a row has too many fields', 'id,text\nu1,раз,два\nu2,три\nu3,пять\n'],
    ['a column is missing', 'id,words\nu1,раз\nu2,три\nu3,пять\n'],
    ['a column stands twice', 'id,text,text\nu1,раз,два\nu2,три,a\nu3,пять,b\n'],
    ['an object is broken', '{"id":"u1","text":"раз"\n{"id":"u2","text":"три"}\n{"id":"u3","text":"пять"}\n'],
    ['a text is a number', '{"id":"u1","text":1}\n{"id":"u2","text":"три"}\n{"id":"u3","text":"пять"}\n'],
    ['an escape is half a pair', '{"id":"u1","text":"\\ud83d"}\n{"id":"u2","text":"a"}\n{"id":"u3","text":"b"}\n'],
    ['there is nothing in it', ' \n\n'],
  ] as [string, string, Format?][])('where %s, the problems are those of the plain path', (_, file, format) => {
    const { fast, plain } = bothWays(references, Buffer.from(file), 'raw', { characters: null, format });
    expect(fast).toEqual(plain);
    expect(fast).toHaveProperty('ok', false);
  });

  test('bytes that are no UTF-8 are told by the plain path', () => {
    const broken = Buffer.concat([Buffer.from('u1 a'), Buffer.of(0xff), Buffer.from('\nu2 b\nu3 c\n')]);
    const { fast, plain } = bothWays(references, broken, 'raw', { characters: null });
    expect(fast).toEqual(plain);
    expect(fast).toHaveProperty('ok', false);
  });

  test('a sound file of the same references has no problems', () => {
    const { fast } = bothWays(references, Buffer.from('u1 раз\nu3 пять\nu2 три\n'), 'raw', { characters: null });
    expect(fast).not.toHaveProperty('ok', false);
  });

  test('paths and composed ids are matched as the plain path does', () => {
    const paths = '{"audio_filepath":"a/u1.wav","text":"раз"}\n{"id":"u2","text":"б"}\n{"id":"u3","text":""}\n';
    const { fast, plain } = bothWays(references, Buffer.from(paths), 'raw', { characters: null });
    expect(fast).toEqual(plain);
    expect(fast).not.toHaveProperty('ok', false);
  });

  test('a line longer than the limit is told', () => {
    const limits = { ...localLimits, lineBytes: 20 };
    const file = Buffer.from('u1 раз два три четыре\nu2 три\nu3 пять\n');
    const { fast, plain } = bothWays(references, file, 'raw', { characters: null, limits });
    expect(fast).toEqual(plain);
    expect(fast).toHaveProperty('ok', false);
  });
});
