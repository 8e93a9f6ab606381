import { z } from 'zod';
import { RefusedError } from '#lib/errors.ts';
import { maxWordings } from '#lib/predictions/alternatives.ts';
import { readUpload } from '#lib/upload-body.ts';

const wording = z
  .string()
  .trim()
  .max(10_000)
  .refine((text) => !/\p{Cc}/u.test(text), 'one line');

/** How an utterance shall stand. */
export const labelShape = {
  reference: wording,
  alternatives: z.array(wording).max(maxWordings - 1),
  excluded: z.boolean(),
};
export const reason = z.string().max(500).default('');
export const utteranceId = z.string().min(1).max(255);

/** So much of JSON is an edit at most. */
const jsonLimits = { maxBytes: 8 * 2 ** 20, maxSeconds: 30 };

export async function readJson(request: Request): Promise<unknown> {
  const { bytes } = await readUpload(request, jsonLimits);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new RefusedError('invalid-parameter', 400, { parameter: 'body', problem: 'JSON' });
  }
}
