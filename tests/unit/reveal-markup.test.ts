import { describe, expect, test } from 'vitest';
import { translator } from '#lib/messages/translate.ts';
import { revealSteps } from '#lib/reveal.ts';
import { sampleResults } from '#lib/reveal-sample.ts';
import { revealWords } from '#lib/reveal-words.ts';
import { formatsFor } from '#ui/format.ts';
import { sceneOf } from '../../app/live/[slug]/scene.ts';
import { frameOf, sentenceOf } from '../../public/reveal.js';
import { formatsOf } from '../../public/reveal-format.js';

const words = revealWords(translator('ru'), 'ru');
const steps = revealSteps(sampleResults(6, (number) => `Team <${number}> & "co"`, 'Baseline'));
const places = steps.flatMap((step, position) => (step.kind === 'place' ? [{ ...step, position }] : []));

describe('what a reveal looks like', () => {
  test('is made of the steps up to the one that is shown, whatever else is known', () => {
    for (const { position, rows } of places) {
      const cut = frameOf({ steps: steps.slice(0, position + 1), position }, words);
      expect(frameOf({ steps, position }, words)).toBe(cut);
      for (const { team } of rows) expect(cut).toContain(`<h2><bdi>${escaped(team)}</bdi></h2>`);
    }
  });

  test('lets no name become markup', () => {
    steps.forEach((_, position) => {
      const html = frameOf({ steps, position }, words);
      expect(html).not.toMatch(/Team <|" ?co"/);
    });
  });

  test('is said to screen readers with place, team and rate', () => {
    const last = places.at(-1)!;
    expect(sentenceOf({ steps, position: last.position }, words)).toMatch(/^Победитель: Team <1>.*, 11,3\s%$/);
  });

  test('writes numbers as all other pages do', () => {
    for (const language of ['ru', 'en'] as const) {
      const [ours, pages] = [formatsOf(revealWords(translator(language), language)), formatsFor(language)];
      for (const ratio of [0, 0.1234, -0.0126, 1.2]) {
        expect(ours.percent(ratio)).toBe(pages.percent(ratio));
        expect(ours.points(ratio)).toBe(pages.points(ratio));
        expect(ours.range([ratio, ratio + 0.1])).toBe(pages.range(ratio, ratio + 0.1));
      }
    }
  });
});

test('the audience sees the reveal from its first step on, before talk and board, unless it was taken off the screens', () => {
  const board = { version: 1, at: '', frozen: true, ties: null, rows: [] };
  const reveal = { revision: 1, isShown: true, position: 0, steps: steps.slice(0, 1) };
  const nameOf = (isShown: boolean) => sceneOf({ board, talk: null, reveal: { ...reveal, isShown } }).name;
  expect([nameOf(true), nameOf(false), sceneOf({ board, talk: null, reveal: null }).name]).toEqual([
    'reveal',
    'board',
    'board',
  ]);
});

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
