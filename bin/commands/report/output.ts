import { once } from 'node:events';
import type { Layout } from './alignment.ts';

/** Where a command's answer goes, and what can be shown there. */
export type Output = Layout & { write(text: string): Promise<void> };

/** Lines of a pipe or a file have no end of their own; longer ones are hard to read anywhere. */
const columnsElsewhere = 120;

/** The standard output. Node itself heeds NO_COLOR and what the terminal can do. */
export function standardOutput(): Output {
  const { stdout } = process;
  return {
    columns: (stdout.isTTY ? stdout.columns : 0) || columnsElsewhere,
    colours: Boolean(stdout.isTTY) && stdout.hasColors(),
    async write(text) {
      if (!stdout.write(text)) await once(stdout, 'drain');
    },
  };
}
