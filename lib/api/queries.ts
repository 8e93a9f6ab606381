import { z } from 'zod';

/*
 * What /api/v1 takes in its queries. `language` (ru, en) is understood everywhere, before cookie and Accept-Language. The texts of
 * the messages complete the sentence "The parameter "x" does not fit: …", so that they say what would.
 */

const splitsToSubmit = 'one of test, dev';

/** PostgreSQL's texts hold no U+0000, and a line of a table no line ends. */
function line(most: number) {
  return (
    z
      .string()
      .trim()
      .refine((text) => [...text].length <= most, `at most ${most} characters`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .refine((text) => !/[\x00-\x1f\x7f]/.test(text), 'no control characters')
      .meta({ maxLength: most })
  );
}

export const uploadQuery = z.object({
  split: z.enum(['test', 'dev'], splitsToSubmit),
  /** The file's name, shown to the team. */
  file: line(255).default(''),
  note: line(200).default(''),
  /** Where the code is. */
  code: line(500)
    .refine(isWebAddress, 'an address that starts with https:// or http://')
    .meta({ format: 'uri', maxLength: 500 })
    .optional(),
  /** Instead of what the content looks like. */
  format: z.enum(['csv', 'tsv', 'jsonl', 'kaldi', 'trn'], 'one of csv, tsv, jsonl, kaldi, trn').optional(),
});

export const dataQuery = z.object({
  split: z.enum(['train', 'dev', 'test'], 'one of train, dev, test').optional(),
});

export const leaderboardQuery = z.object({
  format: z.enum(['json', 'csv'], 'one of json, csv').optional(),
  at: z
    .string()
    .refine(
      (text) => !Number.isNaN(Date.parse(text)) && /^\d{4}-\d\d-\d\dT/.test(text),
      'an instant such as 2026-12-01T10:00:00Z',
    )
    .meta({ format: 'date-time' })
    .transform((text) => new Date(text))
    .optional(),
});

export const eventsQuery = z.object({
  /** What the reader has, as `12,reveal-5`: of each kind of news the version. */
  after: z.string().optional(),
});

/** The field Idempotency-Key: visible characters, with or without the quotes of a structured string. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, '1 to 255 visible ASCII characters')
  .nullable();

function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
