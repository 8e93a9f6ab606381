import type { MessageKey, Translate } from '#lib/messages/translate.ts';

export type Step = { stage: string; done: number; total: number };
export type ProgressLine = { show(step: Step): void; end(): void };

const refreshMs = 200;
/** Where lines cannot be overwritten, one is written this often. */
const newLineMs = 10_000;
/** Before that, a guess of the rest is worth little. */
const guessAfterMs = 1_000;

/** One line on stderr that tells how far long work is and how long the rest of its stage will take. */
export function progressLine(messageOf: (stage: string) => MessageKey, t: Translate): ProgressLine {
  const { stderr } = process;
  let stage = '';
  let startedAt = 0;
  let shownAt = 0;
  let isOpen = false;
  const end = () => {
    if (isOpen) stderr.write('\n');
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
      const isLast = step.done === step.total;
      if (!isLast && now - shownAt < (stderr.isTTY ? refreshMs : newLineMs)) return;
      shownAt = now;
      const rest = remaining(step, now - startedAt, t);
      const line = `${t(messageOf(step.stage), { done: step.done, total: step.total })}${rest}`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
      isOpen = stderr.isTTY;
    },
    end,
  };
}

function remaining({ done, total }: Step, elapsedMs: number, t: Translate): string {
  if (done === 0 || done === total || elapsedMs < guessAfterMs) return '';
  const seconds = Math.ceil((elapsedMs / done) * (total - done) * 0.001);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return `, ${t('cli.progress-remaining', { time: `${minutes}:${String(rest).padStart(2, '0')}` })}`;
}
