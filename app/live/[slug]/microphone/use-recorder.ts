import { useCallback, useEffect, useRef, useState } from 'react';
import type { Sound } from '#scoring/baseline/browser-listener.ts';

/** Why nothing can be recorded: `microphone.cannot-${code}`. */
export type RecordingProblem = 'insecure' | 'unsupported' | 'denied' | 'no-microphone' | 'busy' | 'failed';

export type RecorderState =
  | { readonly status: 'idle' }
  | { readonly status: 'asking' }
  /** `levels`: the loudest of each of the last pieces, 0 to 1. */
  | { readonly status: 'recording'; readonly seconds: number; readonly levels: readonly number[] }
  | { readonly status: 'refused'; readonly problem: RecordingProblem };

export const mostRecordedSeconds = 30;
const shownLevels = 64;

type Session = { stream: MediaStream; context: AudioContext; pieces: Float32Array[]; samples: number };

/** Records from the microphone into memory; `onRecorded` gets what was said when it is stopped, by hand or after 30 seconds. */
export function useRecorder(onRecorded: (sound: Sound) => void) {
  const [state, setState] = useState<RecorderState>({ status: 'idle' });
  const session = useRef<Session | null>(null);
  const report = useRef(onRecorded);
  report.current = onRecorded;

  const stop = useCallback(() => {
    const ended = session.current;
    if (ended === null) return;
    session.current = null;
    close(ended);
    setState({ status: 'idle' });
    report.current({ samples: joined(ended), sampleRateHz: ended.context.sampleRate });
  }, []);

  const start = useCallback(async () => {
    setState({ status: 'asking' });
    const opened = await openMicrophone();
    if (typeof opened === 'string') return setState({ status: 'refused', problem: opened });
    const { context, node } = opened;
    const current: Session = { stream: opened.stream, context, pieces: [], samples: 0 };
    session.current = current;
    let levels: readonly number[] = [];
    setState({ status: 'recording', seconds: 0, levels });
    node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      if (session.current !== current) return;
      current.pieces.push(data);
      current.samples += data.length;
      const seconds = current.samples / context.sampleRate;
      levels = [...levels, loudestOf(data)].slice(-shownLevels);
      setState({ status: 'recording', seconds, levels });
      if (seconds >= mostRecordedSeconds) stop();
    };
  }, [stop]);

  useEffect(() => () => void (session.current && close(session.current)), []);
  return { state, start, stop };
}

type Opened = { stream: MediaStream; context: AudioContext; node: AudioWorkletNode };

async function openMicrophone(): Promise<Opened | RecordingProblem> {
  if (!window.isSecureContext) return 'insecure';
  if (!navigator.mediaDevices || typeof AudioWorkletNode === 'undefined') return 'unsupported';
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch (error) {
    return problemOf(error);
  }
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule('/recorder.js');
    const node = new AudioWorkletNode(context, 'recorder', { channelCount: 1, channelCountMode: 'explicit' });
    context.createMediaStreamSource(stream).connect(node);
    // It gives out silence; a node that leads nowhere is not run by every browser.
    node.connect(context.destination);
    await context.resume();
    return { stream, context, node };
  } catch {
    close({ stream, context });
    return 'failed';
  }
}

function problemOf(error: unknown): RecordingProblem {
  const { name } = error as DOMException;
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'no-microphone';
  return name === 'NotReadableError' ? 'busy' : 'failed';
}

function close({ stream, context }: Pick<Session, 'stream' | 'context'>): void {
  for (const track of stream.getTracks()) track.stop();
  void context.close();
}

function loudestOf(samples: Float32Array): number {
  return samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
}

function joined({ pieces, samples }: Session): Float32Array {
  const whole = new Float32Array(samples);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
