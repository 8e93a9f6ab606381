import type { MessageKey, Translate } from '#lib/messages/translate.ts';

export type Step = {
  stage: string;
  done: number;
  total: number;
  /** For the sentence, beside done and total. */
  values?: Record<string, string | number>;
  /** Where it is better known than from how much is done. */
  remainingSeconds?: number;
};
export type ProgressLine = { show(step: Step): void; end(): void };

/** Told how much of a stage is done, as often as one likes. */
export type Tick = (done: number, total: number) => void;
/** Progress of work in several stages, one after another. */
export type Stages<Name extends string> = { of(stage: Name): Tick; end(): void };

const refreshMs = 200;
/** Where lines cannot be overwritten, one is written this often. */
const newLineMs = 10_000;
/** Before that, a guess of the rest is worth little. */
const guessAfterMs = 1_000;
/** Nothing is said of passing work that is over sooner. */
const quietMs = 1_000;

/**
 * One line on stderr that tells how far long work is and how long the rest of its stage will take. Of passing work nothing is said in
 * the first second, and nothing is left behind.
 */
export function progressLine(
  messageOf: (stage: string) => MessageKey,
  t: Translate,
  { isPassing = false } = {},
): ProgressLine {
  const { stderr } = process;
  const quietUntil = isPassing ? performance.now() + quietMs : 0;
  let stage = '';
  let startedAt = 0;
  let shownAt = 0;
  let isOpen = false;
  const end = () => {
    if (isOpen) stderr.write(isPassing ? '\r\x1b[K' : '\n');
    isOpen = false;
  };
  return {
    show(step) {
      const now = performance.now();
      if (step.stage !== stage) {
        end();
        stage = step.stage;
        startedAt = now;
        shownAt = stderr.isTTY ? Number.NEGATIVE_INFINITY : now;
      }
      const isLast = step.done === step.total && !isPassing;
      if (now < quietUntil || (!isLast && now - shownAt < (stderr.isTTY ? refreshMs : newLineMs))) return;
      shownAt = now;
      const rest = remaining(step, now - startedAt, t);
      const line = `${t(messageOf(step.stage), { done: step.done, total: step.total, ...step.values })}${rest}`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
      isOpen = stderr.isTTY;
    },
    end,
  };
}

/** Passing work that a person at a terminal may be waiting for; nobody else hears of it. */
export async function passingStages<Name extends string>(
  messages: Record<Name, MessageKey>,
  words: () => Promise<Translate>,
): Promise<Stages<Name>> {
  if (!process.stderr.isTTY) return { of: () => () => {}, end: () => {} };
  const line = progressLine((stage) => messages[stage as Name], await words(), { isPassing: true });
  return { of: (stage) => (done, total) => line.show({ stage, done, total }), end: line.end };
}

function remaining({ done, total, remainingSeconds }: Step, elapsedMs: number, t: Translate): string {
  if (done === 0 || done === total || elapsedMs < guessAfterMs) return '';
  const seconds = Math.ceil(remainingSeconds ?? (elapsedMs / done) * (total - done) * 0.001);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return `, ${t('cli.progress-remaining', { time: `${minutes}:${String(rest).padStart(2, '0')}` })}`;
}
