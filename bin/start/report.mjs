// What the person at the terminal sees: one line for what is going on, one for each thing done.
import { say } from './sentences.mjs';

/** @typedef {ReturnType<typeof openReport>} Report */

// Below this a step is not worth a line where nothing overwrites it.
const quietMs = 2000;

/** @param {NodeJS.WriteStream} stream */
export function openReport(stream) {
  /** @type {Map<string, string>} */
  const active = new Map();
  const clear = stream.isTTY ? '\r\x1b[2K' : '';

  function showActive() {
    if (!stream.isTTY || active.size === 0) return;
    const text = [...active].map(([name, detail]) => (detail === '' ? name : `${name}: ${detail}`)).join(', ');
    stream.write(`${clear}… ${text.slice(0, (stream.columns || 100) - 4)}`);
  }

  /** @param {string} text */
  function line(text) {
    stream.write(`${clear}${text}\n`);
    showActive();
  }

  /**
   * Shows that `work` goes on, and how long it took where it succeeded.
   * @template Result
   * @param {import('./sentences.mjs').SentenceKey} key
   * @param {(detail: (text: string) => void) => Promise<Result>} work `detail` tells how far it is
   * @returns {Promise<Result>}
   */
  async function step(key, work) {
    const name = say(key);
    const begun = Date.now();
    const slow = stream.isTTY ? undefined : setTimeout(() => line(`… ${name}`), quietMs);
    active.set(name, '');
    showActive();
    try {
      const result = await work((text) => {
        if (stream.isTTY) active.set(name, text);
        else line(`… ${name}: ${text}`);
        showActive();
      });
      active.delete(name);
      line(`✓ ${name.padEnd(32)} ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      return result;
    } finally {
      clearTimeout(slow);
      active.delete(name);
    }
  }

  return { line, step };
}
