import { expect, test } from 'vitest';
import { ownEdits, seenIn } from '#lib/seen.ts';

const drawn = { name: 'Весна', rules: 'Честно.', quota: '5' };
const seen = seenIn(drawn);

test('what a reader left alone stays as somebody else changed it', () => {
  const now = { ...drawn, name: 'Весна 2026' };
  expect(ownEdits({ ...drawn, quota: '7' }, { seen, now })).toEqual({
    name: 'Весна 2026',
    rules: 'Честно.',
    quota: '7',
  });
});

test('what both changed is refused', () => {
  const now = { ...drawn, quota: '6' };
  expect(() => ownEdits({ ...drawn, quota: '7' }, { seen, now })).toThrow(
    expect.objectContaining({ code: 'changed-meanwhile' }),
  );
});

test('what both changed to the same is no dispute', () => {
  const now = { ...drawn, quota: '7' };
  expect(ownEdits({ ...drawn, quota: '7' }, { seen, now })).toEqual(now);
});

test('(control) a form that does not say by what it was drawn writes all of it', () => {
  const now = { ...drawn, name: 'Весна 2026' };
  for (const nothing of ['', '{}', 'null', '[1]']) expect(ownEdits(drawn, { seen: nothing, now })).toEqual(drawn);
});

test('a fingerprint of each field is all that a page carries', () => {
  expect(seenIn({ rules: 'тайна'.repeat(1000) }).length).toBeLessThan(40);
});
