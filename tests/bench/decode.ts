import { readdirSync, readFileSync } from 'node:fs';
import { beamDecode, defaultBeamOptions } from '#scoring/baseline/decode.ts';
import { trainLanguageModel } from '#scoring/baseline/kneser-ney.ts';
import { bitsPerSymbol, type LanguageModel } from '#scoring/baseline/language-model.ts';
import { languageModelFromBytes, languageModelToBytes } from '#scoring/baseline/language-model-file.ts';
import { russian } from '#scoring/baseline/vocabulary.ts';
import { countWords, createWordList } from '#scoring/baseline/words.ts';
import { createRandom, type RandomSource } from '#scoring/statistics/random.ts';
import { normalise } from '#scoring/wer/normalise.ts';
import { noisyLattice } from '../noisy-lattice.ts';
import type { Figure } from './measure.ts';
import { median } from './measure.ts';

/** 14 characters a second and 30 ms a frame: about 83 frames. */
const utteranceCharacters = 35;
const sentences = 20_000;

/**
 * Beam search of 2.5 s of Russian in a noisy lattice (every fifth letter wrong), under a model of 20,000 sentences that are drawn
 * from a small model of the pages' own. CPU time, medians of 7.
 */
export async function decode(): Promise<Figure[]> {
  const random = createRandom();
  const own = ownSentences();
  const source = trainLanguageModel(own, russian, 5);
  const drawn = Array.from({ length: sentences }, () => drawSentence(source, random)).filter((text) => text !== '');
  const begun = process.cpuUsage();
  const bytes = languageModelToBytes(trainLanguageModel(drawn, russian, 8, 6));
  const trainingSeconds = cpuSecondsSince(begun);
  const model = {
    languageModel: languageModelFromBytes(bytes),
    words: createWordList(countWords(drawn), russian),
  };
  const texts = drawn.filter(({ length }) => Math.abs(length - utteranceCharacters) <= 2).slice(0, 100);
  const lattices = texts.map((text) => noisyLattice(text, russian, random, 1.3));
  const times = Array.from({ length: 7 }, () => {
    const begun = process.cpuUsage();
    for (const { logProbabilities, frames } of lattices) {
      beamDecode(logProbabilities, frames, russian, model, defaultBeamOptions);
    }
    return (1000 * cpuSecondsSince(begun)) / lattices.length;
  });
  return [
    { what: 'beam search, 32 wide, 2.5 s of speech, CPU', value: median(times), unit: 'ms', most: 3 },
    { what: 'character 8-grams of 20,000 sentences', value: bytes.length / 1e6, unit: 'MB', most: 3 },
    { what: 'their estimation, CPU', value: trainingSeconds, unit: 's' },
    { what: 'perplexity of 4-grams to that of 5-grams, new texts', value: perplexities(own), unit: '×' },
  ];
}

function ownSentences(): string[] {
  return readdirSync('lib/messages/ru')
    .sort()
    .flatMap((file) => Object.values<string>(JSON.parse(readFileSync(`lib/messages/ru/${file}`, 'utf8'))))
    .map((text) => normalise(text, 'ru-yo').join(' '))
    .filter((text) => text !== '' && russian.indicesOf(text) !== null);
}

function drawSentence(model: LanguageModel, random: RandomSource): string {
  const symbols: number[] = [];
  for (let state = model.start; ; ) {
    let left = random() / 2 ** 32;
    let symbol = -1;
    do {
      symbol += 1;
      left -= Math.exp(model.logProbability(state, symbol));
    } while (left > 0 && symbol + 1 < model.symbols);
    if (symbol === 0) return normalise(russian.textOf(symbols), 'ru-yo').join(' ');
    symbols.push(symbol);
    state = model.advance(state, symbol);
  }
}

function perplexities(texts: readonly string[]): number {
  const heldOut = texts.filter((_, index) => index % 5 === 0).map((text) => russian.indicesOf(text)!);
  const training = texts.filter((_, index) => index % 5 !== 0);
  const [four, five] = [4, 5].map((order) => bitsPerSymbol(trainLanguageModel(training, russian, order), heldOut));
  return 2 ** (four! - five!);
}

function cpuSecondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}
