import { describe, expect, test } from 'vitest';
import { auditLabels } from '#scoring/labels/audit.ts';
import { findConsensus } from '#scoring/labels/consensus.ts';
import { slotsOf, textOf } from '#scoring/labels/slots.ts';
import { distinctSystems, trustsOf } from '#scoring/labels/systems.ts';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { plantWrongLabels, simulateCorpus } from '../bench/planted-labels.ts';

const words = (text: string) => normalise(text);
const trust = { errorRate: 0.2, weight: 1 };
const trusting = (count: number) => ({ systems: new Array<typeof trust>(count).fill(trust), coincidence: 0.3 });

function consensusOf(label: string, ...heard: string[]) {
  const { text, evidence } = findConsensus(
    { wordings: label.split(' / ').map(words), hypotheses: heard.map(words) },
    trusting(heard.length),
  );
  return { text: text.join(' '), evidence };
}

describe('the text that systems agree on', () => {
  test.each([
    ['a word substituted', 'мама мыла раму', 'мама мыла лампу'],
    ['a word the label lacks', 'мама раму', 'мама мыла раму'],
    ['a word that nobody hears', 'мама мыла раму', 'мама раму'],
    ['the text of another utterance', 'мама мыла раму', 'набери внутренний номер абонента'],
    ['silence', 'мама', ''],
  ])('is found where it is %s', (_, label, said) => {
    const found = consensusOf(label, said, said, said);
    expect(found.text).toBe(said);
    expect(found.evidence).toBeGreaterThan(0);
  });

  test('is put together of what each got right', () => {
    expect(consensusOf('а б в г д', 'а х в г ж', 'а б в ш ж', 'щ б в г ж').text).toBe('а б в г ж');
  });

  test('is the label where systems that differ from it differ from each other', () => {
    expect(consensusOf('мама мыла раму', 'мама мыла рану', 'мама мыла рамы')).toEqual({
      text: 'мама мыла раму',
      evidence: 0,
    });
  });

  test('is the label where as many hear it as hear another', () => {
    expect(consensusOf('мыла', 'мыла', 'мыло', 'мыло').text).toBe('мыла');
  });

  test('is no news where it is one of the wordings', () => {
    expect(consensusOf('алло / алё', 'алё', 'алё', 'алё').evidence).toBe(0);
  });

  test('is surer the more systems say it', () => {
    const evidence = [2, 3, 5].map((n) => consensusOf('мыла раму', ...new Array<string>(n).fill('мыло раму')).evidence);
    expect(evidence).toEqual([...evidence].sort((a, b) => a - b));
    expect(new Set(evidence).size).toBe(3);
  });

  test('is less sure amid noise than where all else is heard alike', () => {
    const clear = consensusOf('а б в г д', 'а б в г ж', 'а б в г ж', 'а б в г ж').evidence;
    const noisy = consensusOf('а б в г д', 'и к в г ж', 'а л м г ж', 'н б в о ж').evidence;
    expect(clear).toBeGreaterThan(noisy);
  });
});

test('places of a text say where every word of a hypothesis stands', () => {
  const slots = slotsOf(words('а б в'), words('э а в ю я'));
  expect(slots).toEqual(['э', 'а', '', '', '', 'в', 'ю я']);
  expect(textOf(slots)).toEqual(words('э а в ю я'));
});

describe('systems', () => {
  const heard = (...texts: string[]) => texts.map(words);
  const believed = heard('а б в г', 'д е ж з', 'и к л м');
  const first = heard('а б в х', 'д е ж з', 'и ч л м');
  const other = heard('ш б в г', 'д е ж з', 'и к л щ');
  const pause = async () => {};

  test('that are the same count as one', () => {
    expect(distinctSystems([other, first, other.map((text) => text)]).members).toEqual([[1], [0, 2]]);
  });

  test('count for less the more of their errors they share', async () => {
    const near = heard('а б в х', 'д е ж з', 'и ч л ц');
    const { systems } = await trustsOf(believed, [first, near, other], pause);
    expect(systems[0]!.weight).toBe(1 / 2);
    expect(systems[2]!.weight).toBe(1);
  });

  test('are as bad as they are wrong, by one error more in two words', async () => {
    const { systems } = await trustsOf(believed, [first, believed], pause);
    expect(systems.map(({ errorRate }) => errorRate)).toEqual([3 / 14, 1 / 14]);
  });
});

describe('an audit', () => {
  const shape = { utterances: 150, rates: [0.1, 0.15, 0.2, 0.15, 0.1], sameSound: 0.5, likeTheOneBefore: 0 };
  const corpus = simulateCorpus(shape, createRandom(7));
  const planted = plantWrongLabels(corpus.truths, 6, createRandom(8));
  const labels = planted.labels.map((label): readonly Words[] => [label]);
  const { systems } = corpus;

  test('puts wrong labels first, and finds no more of them in labels that are right', async () => {
    const { suspects } = await auditLabels({ labels, systems });
    const among = suspects.slice(0, 8).filter(({ utterance }) => planted.wrong.has(utterance));
    expect(among.length).toBeGreaterThanOrEqual(5);
    const control = await auditLabels({ labels: corpus.truths.map((label) => [label]), systems });
    expect(control.suspects[0]!.logOdds).toBeLessThan(suspects[0]!.logOdds);
  });

  test('comes to the same in whichever order the systems are given', async () => {
    const expected = await auditLabels({ labels, systems });
    const random = createRandom(3);
    for (let round = 0; round < 4; round += 1) {
      const shuffled = [...systems];
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = drawBelow(random, i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      expect(await auditLabels({ labels, systems: shuffled })).toEqual(expected);
    }
  });

  test('is not moved by a file that is handed in ten times', async () => {
    const copies = new Array<(typeof systems)[number]>(10).fill(systems[0]!.map((text) => text));
    expect(await auditLabels({ labels, systems: [...systems, ...copies] })).toEqual(
      await auditLabels({ labels, systems }),
    );
  });

  test('is hardly moved by a file that is handed in ten times with a word changed in each', async () => {
    const almost = Array.from({ length: 10 }, (_, i) =>
      systems[0]!.map((text, u) => (u === i ? words(`${text.join(' ')} э`) : text)),
    );
    const { effectiveSystems } = await auditLabels({ labels, systems: [...systems, ...almost] });
    const alone = await auditLabels({ labels, systems });
    expect(Math.abs(effectiveSystems - alone.effectiveSystems)).toBeLessThan(0.7);
    const more = simulateCorpus(
      { ...shape, rates: [...shape.rates, ...new Array<number>(10).fill(0.1)] },
      createRandom(7),
    );
    const apart = await auditLabels({ labels, systems: more.systems });
    expect(apart.effectiveSystems - alone.effectiveSystems).toBeGreaterThan(2);
  });

  test('is hardly surer where one family of systems says the same than where one of them does', async () => {
    const corpusOf = (likeTheOneBefore: number) =>
      simulateCorpus(
        { utterances: 150, rates: [0.15, 0.15, 0.15, 0.15], sameSound: 0.5, likeTheOneBefore },
        createRandom(9),
      );
    const sureOf = async ({ truths, systems }: ReturnType<typeof corpusOf>) => {
      const labels = truths.map((truth, u) => [u === 0 ? words('совсем другие слова') : truth]);
      const audit = await auditLabels({ labels, systems });
      return { sure: audit.suspects.find(({ utterance }) => utterance === 0)!.logOdds, of: audit.effectiveSystems };
    };
    const [ofFamily, ofApart] = [await sureOf(corpusOf(0.97)), await sureOf(corpusOf(0))];
    expect(ofFamily.of).toBeLessThan(1.7);
    expect(ofApart.of).toBeGreaterThan(2.5);
    expect(ofFamily.sure).toBeLessThan(ofApart.sure);
  });

  test('of a single system, or copies of it, says nothing', async () => {
    expect(await auditLabels({ labels, systems: [systems[0]!, systems[0]!] })).toEqual({
      suspects: [],
      effectiveSystems: 1,
    });
  });

  test('lets others have their turn, and ends where they say so', async () => {
    let turns = 0;
    await auditLabels({ labels, systems }, async () => {
      turns += 1;
    });
    expect(turns).toBeGreaterThan(10);
    const stop = async () => Promise.reject(new Error('enough'));
    await expect(auditLabels({ labels, systems }, stop)).rejects.toThrow('enough');
  });
});
