import { describe, expect, test } from 'vitest';
import { fewestTeams } from '#scoring/evidence/chance.ts';
import { editDistanceOf } from '#scoring/evidence/edit-distance.ts';
import { createListener, type Heard } from '#scoring/evidence/mistakes.ts';
import { compareTeams } from '#scoring/evidence/pairs.ts';
import { countTogether, shareMistakes } from '#scoring/evidence/shared.ts';
import { benjaminiHochberg } from '#scoring/statistics/benjamini-hochberg.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { type PlantedCopies, plantCopies } from '../bench/planted-copies.ts';

const words = (texts: readonly string[]) => texts.map((text) => normalise(text));

/** What each file says, one text per utterance, against these labels. */
function listen(labels: readonly string[], files: readonly (readonly string[])[]): Heard[] {
  const listener = createListener(words(labels).map((label) => [label]));
  return files.map((texts) => {
    const file = listener.createFile();
    for (const [utterance, heard] of words(texts).entries()) file.hear(utterance, heard);
    return file.heard();
  });
}

describe('mistakes', () => {
  const together = (labels: readonly string[], ...files: readonly (readonly string[])[]) => {
    const heard = listen(labels, files);
    return [...countTogether(files.length, shareMistakes(heard), () => true)];
  };

  test('are shared where two files have the same instead of the same word', () => {
    expect(together(['один два три'], ['один пять три'], ['один пять три раз'])).toEqual([1, 1, 1, 1]);
    expect(together(['один два три'], ['один пять три'], ['один шесть три'])).toEqual([0, 0, 0, 0]);
    expect(together(['один два', 'один два'], ['один пять', 'один два'], ['один два', 'один пять'])).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('are shared where both leave a word out, or put the same words into the same gap', () => {
    expect(together(['один два три'], ['один три'], ['один три'])[1]).toBe(1);
    expect(together(['один два'], ['один ну вот два'], ['один ну вот два'])[1]).toBe(1);
    expect(together(['один два'], ['один ну вот два'], ['один ну два'])[1]).toBe(0);
  });

  test('count against the wording that is nearest, and say of which utterance they are', () => {
    const listener = createListener([[normalise('а б')], [normalise('один два'), normalise('раз два три')]]);
    const file = listener.createFile();
    file.hear(0, normalise('а б'));
    file.hear(1, normalise('раз два пять'));
    const { mistakes, isRight } = file.heard();
    expect([...isRight]).toEqual([1, 0]);
    expect([...mistakes].map(listener.utteranceOf)).toEqual([1]);
  });
});

/** The pairs that stand out, `a-b`. */
async function standing(planted: PlantedCopies, models: number): Promise<string[]> {
  const listener = createListener(planted.labels.map((label) => [label]));
  const hear = (texts: readonly Words[]) => {
    const file = listener.createFile();
    for (const [utterance, heard] of texts.entries()) file.hear(utterance, heard);
    return file.heard();
  };
  const teams = Array.from({ length: planted.teams }, (_, team) => hear(planted.heardBy(team)));
  const known = Array.from({ length: models }, (_, model) => hear(planted.heardByModel(model)));
  const { pairs } = await compareTeams(teams, known);
  return pairs.flatMap(({ standsOut, teams: [a, b] }) => (standsOut ? [`${a}-${b}`] : [])).sort();
}

describe('pairs of teams', () => {
  const planted = plantCopies({ utterances: 500, teams: 24, backbones: 2, edits: [0.1, 0.3] }, 5);
  const copies = [...planted.copied].map(([copy, original]) => `${original}-${copy}`).sort();

  test('stand out where one copied the other and edited it, and not for building on the same public model', async () => {
    expect(await standing(planted, 2)).toEqual(copies);
  });

  test('that only share a model do not stand out where organisers did not bring it', async () => {
    const honest = plantCopies({ utterances: 500, teams: 24, backbones: 2, edits: [] }, 6);
    expect(await standing(honest, 0)).toEqual([]);
  });

  test('stand out all three where two copied the same one', async () => {
    const ring = {
      ...planted,
      teams: planted.teams + 1,
      heardBy: (team: number) => planted.heardBy(team === 26 ? 24 : team),
    };
    const found = await standing(ring, 2);
    const original = planted.copied.get(24);
    expect(found).toEqual(expect.arrayContaining([`${original}-24`, `${original}-26`, '24-26']));
  });

  test('have no expectation with few teams, and stand out only for files that are nearly the same', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => `слово ${i} конец`);
    const wrong = labels.map((label, i) => (i % 2 === 0 ? `${label} да` : label));
    const other = labels.map((label, i) => (i % 2 === 0 ? `${label} нет` : label));
    const files = listen(labels, [wrong, [...wrong], other]);
    expect(files.length).toBeLessThan(fewestTeams);
    const { pairs } = await compareTeams(files, []);
    expect(pairs.map(({ teams, standsOut, z, sameWrongTexts }) => [teams, standsOut, z, sameWrongTexts])).toEqual([
      [[0, 1], true, null, 20],
      [[0, 2], false, null, 0],
      [[1, 2], false, null, 0],
    ]);
    // Both say what a public model says.
    expect((await compareTeams(files, files.slice(0, 1))).pairs.some(({ standsOut }) => standsOut)).toBe(false);
  });

  test('name the mistakes that only these two make', async () => {
    const labels = ['один два три', 'четыре пять'];
    const files = listen(labels, [
      ['один семь три', 'четыре шесть'],
      ['один семь три', 'четыре шесть'],
      ['один два три', 'четыре шесть'],
    ]);
    const comparison = await compareTeams(files, []);
    const pair = comparison.pairs.find(({ teams }) => teams[0] === 0 && teams[1] === 1)!;
    expect(pair).toMatchObject({ sharedRare: 2, rare: [2, 2], jaccard: 1, sameTexts: 2, wrongTexts: 2 });
    expect(comparison.onlyOf(pair)).toHaveLength(1);
  });
});

test('the distance of two files is that of their words', async () => {
  expect(await editDistanceOf(words(['а б', 'в']), words(['а б', 'г']))).toBeCloseTo(1 / 3, 12);
  expect(await editDistanceOf(words(['']), words(['']))).toBe(0);
});

test('Benjamini and Hochberg by hand', () => {
  expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
  expect(benjaminiHochberg([0.6, 0.9])).toEqual([0.9, 0.9]);
  expect(benjaminiHochberg([])).toEqual([]);
});
