import { useCallback, useRef, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import type { Heard, Sound } from '#scoring/baseline/browser-listener.ts';
import type { ServedModel } from '#scoring/baseline/browser-model.ts';
import type { Source } from './listen.ts';
import { decodeByBrowser, isWav, mostFileBytes } from './sources.ts';
import { type Listening, useListener } from './use-listener.ts';

/** What is being heard: `reference` are the words that are known to be said in it. */
export type Named = { readonly name: string; readonly reference: string | null };

/** `microphone.problem-${code}` */
export type SoundProblem = 'unreadable' | 'too-large' | 'too-short' | 'silent' | 'lost';

export type StudioState =
  | { readonly status: 'empty' }
  | ({ readonly status: 'listening' } & Named)
  | ({ readonly status: 'heard'; readonly heard: Heard } & Named)
  | { readonly status: 'problem'; readonly problem: SoundProblem };

export type Studio = {
  readonly listener: Listening;
  readonly state: StudioState;
  hearSound(sound: Sound, named: Named): Promise<void>;
  hearFile(file: File): Promise<void>;
  hearClip(address: string, named: Named): Promise<void>;
  giveUp(): void;
};

const leastSeconds = 1 / 3;
/** Quieter than this at its loudest, 48 dB below full scale, is no speech. */
const leastPeak = 0.004;

/** From a sound, wherever it comes from, to what was heard in it; the newest one counts. */
export function useStudio(model: ServedModel): Studio {
  const listener = useListener(model);
  const [state, setState] = useState<StudioState>({ status: 'empty' });
  const turn = useRef(0);
  const { listen } = listener;

  const hear = useCallback(
    async (named: Named, find: () => Promise<Source | SoundProblem | Uint8Array<ArrayBuffer>>) => {
      turn.current += 1;
      const mine = turn.current;
      setState({ status: 'listening', ...named });
      const answer = await answerFor(await find(), listen);
      if (mine !== turn.current) return;
      if (answer === null) setState({ status: 'empty' });
      else if (typeof answer === 'string') setState({ status: 'problem', problem: answer });
      else setState({ status: 'heard', heard: answer, ...named });
    },
    [listen],
  );

  const hearSound = useCallback((sound: Sound, named: Named) => hear(named, async () => sound), [hear]);
  const hearFile = useCallback(
    (file: File) =>
      hear({ name: file.name, reference: null }, async () =>
        file.size > mostFileBytes ? 'too-large' : new Uint8Array(await file.arrayBuffer()),
      ),
    [hear],
  );
  const hearClip = useCallback((address: string, named: Named) => hear(named, () => fetchClip(address)), [hear]);
  return { listener, state, hearSound, hearFile, hearClip, giveUp: listener.giveUp };
}

async function fetchClip(address: string): Promise<Uint8Array<ArrayBuffer> | SoundProblem> {
  try {
    const response = await fetch(withBase(address));
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : 'lost';
  } catch {
    return 'lost';
  }
}

/** Null where nobody is to be told: it was given up, or the listener says by itself what is wrong. */
async function answerFor(
  found: Source | SoundProblem | Uint8Array<ArrayBuffer>,
  listen: Listening['listen'],
): Promise<Heard | SoundProblem | null> {
  if (typeof found === 'string') return found;
  const outcome = found instanceof Uint8Array ? await listenToFile(found, listen) : await listen(found);
  if (outcome === 'failed' || outcome === 'given-up') return null;
  if (outcome === 'unreadable') return outcome;
  if (outcome.seconds < leastSeconds) return 'too-short';
  return outcome.sound.samples.some((sample) => Math.abs(sample) >= leastPeak) ? outcome : 'silent';
}

async function listenToFile(bytes: Uint8Array<ArrayBuffer>, listen: Listening['listen']) {
  const outcome = isWav(bytes) ? await listen({ wav: bytes }) : 'unreadable';
  if (outcome !== 'unreadable') return outcome;
  const decoded = await decodeByBrowser(bytes);
  return decoded === null ? outcome : listen(decoded);
}
