import { createHash } from 'node:crypto';

/*
 * Salt, labels and folds of one label version as a file, whose SHA-256 is published before anybody is scored by it. The bytes are
 * fixed (docs/en/operators/commitment.md), so that `sha256sum` is all it takes to check them.
 */

export type FileLabel = {
  id: string;
  fold: 'public' | 'private';
  unit: string;
  excluded: boolean;
  /** What was said, then other wordings that are as good. */
  references: readonly string[];
};
export type LabelFile = { competition: string; labelVersion: number; salt: Uint8Array; labels: readonly FileLabel[] };

const format = 'labels-1';

/** UTF-8, one JSON text a line with its keys in this order and no white space, every line ended by a line feed. */
export function writeLabelFile({ competition, labelVersion, salt, labels }: LabelFile): Buffer {
  const head = { rostrum: format, competition, labelVersion, salt: Buffer.from(salt).toString('hex') };
  const rows = labels.map(({ id, fold, unit, excluded, references }) => ({ id, fold, unit, excluded, references }));
  return Buffer.from([head, ...rows].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

export function digestOfLabelFile(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** What the head of such a file says, and how many labels follow; null where the bytes are no such file. */
export function describeLabelFile(
  bytes: Uint8Array,
): { competition: string; labelVersion: number; labels: number } | null {
  const text = Buffer.from(bytes).toString('utf8');
  const end = text.indexOf('\n');
  try {
    const head: Record<string, unknown> = JSON.parse(text.slice(0, end));
    const { rostrum, competition, labelVersion } = head;
    if (rostrum !== format || typeof competition !== 'string' || typeof labelVersion !== 'number') return null;
    return { competition, labelVersion, labels: text.split('\n').length - 2 };
  } catch {
    return null;
  }
}
