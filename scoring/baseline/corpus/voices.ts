import { createHash } from 'node:crypto';
import { createRandom, drawBelow } from '#scoring/statistics/random.ts';

export type Engine = 'espeak-ng' | 'festival';

/** How a text is spoken. `pitch` from 0 to 99, eSpeak's middle is 50; Festival's voice has one rate and pitch of its own. */
export type Voice =
  | { readonly engine: 'espeak-ng'; readonly variant: string; readonly wordsPerMinute: number; readonly pitch: number }
  | { readonly engine: 'festival' };

/**
 * eSpeak's variants that speak clearly. Left out: whispers, robots, creaks, and doubles of others, found by their periodicity
 * (median autocorrelation of loud frames below 0.7) and by their names. Women twice: telephone prompts are mostly read by women.
 */
const women = 'f1 f2 f3 f4 f5 Alicia Andrea Annie anika aunty belinda linda steph steph2 steph3 grandma'.split(' ');
const men = (
  'm1 m2 m3 m4 m5 m6 m7 m8 adam Alex Andy antonio benjamin boris caleb Denis Diogo ed edward edward2 Gene Gene2 gustave ' +
  'Henrique Hugo iven iven3 Jacky john Lee marcelo Mario max michel miguel Mike Nguyen norbert pablo paul pedro quincy ' +
  'rob robert sandro shelby travis victor zac'
).split(' ');
export const variants: readonly string[] = [...women, ...women, ...men];

const festivalPercent = 15;
/** Around the 13.9 characters a second of the demo's recordings. */
const wordsPerMinute = { least: 120, most: 175 };
const pitch = { least: 30, most: 70 };

/**
 * The voice of the `occurrence`-th speaking of a text: the same for the same text, seed and engines, whatever else is spoken, so
 * that a larger corpus finds a smaller one done. `known`: the variants at hand, at least one where espeak-ng is among `engines`.
 */
export function drawVoice(
  text: string,
  occurrence: number,
  seed: number,
  engines: readonly Engine[],
  known: readonly string[],
): Voice {
  const digest = createHash('sha256').update(`${seed}\0${occurrence}\0${text}`).digest();
  const random = createRandom(digest.readInt32LE(0));
  const isFestival = drawBelow(random, 100) < festivalPercent;
  if (engines.includes('festival') && (isFestival || !engines.includes('espeak-ng'))) return { engine: 'festival' };
  const within = ({ least, most }: { least: number; most: number }) => least + drawBelow(random, most - least + 1);
  return {
    engine: 'espeak-ng',
    variant: known[drawBelow(random, known.length)]!,
    wordsPerMinute: within(wordsPerMinute),
    pitch: within(pitch),
  };
}

/** As cards and clips name it. */
export function voiceName(voice: Voice): string {
  return voice.engine === 'festival' ? 'festival msu_ru_nsh_clunits' : `espeak-ng ru+${voice.variant}`;
}
