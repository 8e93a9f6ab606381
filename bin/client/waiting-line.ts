import { isMessageKey, type Translate } from '#lib/messages/translate.ts';

/** A line that is written over as long as it lasts. Without a terminal nothing of it is seen. */
export type LiveLine = { show(text: string): void; end(): void };

export function liveLine(): LiveLine {
  const { stderr } = process;
  let isOpen = false;
  return {
    show(text) {
      if (!stderr.isTTY) return;
      const columns = stderr.columns || 80;
      stderr.write(`\r\x1b[K${[...text].slice(0, columns - 1).join('')}`);
      isOpen = true;
    },
    end() {
      if (isOpen) stderr.write('\r\x1b[K');
      isOpen = false;
    },
  };
}

/** Why nothing happens: the server is away, or asked for patience. */
export function waitingLine(t: Translate) {
  const line = liveLine();
  return {
    show(seconds: number, reason: string) {
      line.show(t('client.waiting', { seconds, reason: reasonOf(reason, t) }));
    },
    end: line.end,
  };
}

/** A sentence's part for the code of a broken connection or a status; the code itself where there is none. */
export function reasonOf(code: string, t: Translate): string {
  const key = `client.reason-${code.toLowerCase()}`;
  return isMessageKey(key) ? t(key) : code;
}
