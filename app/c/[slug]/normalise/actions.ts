'use server';

import { z } from 'zod';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { visit } from '../visit.ts';
import { choices } from './choices.ts';
import { type Seen, see } from './see.ts';

const Form = z.object({ text: z.string(), profile: z.enum(choices) });

/** What the scorer sees of a text. Anybody may ask who sees the competition; nothing is kept. */
export async function showText(slug: string, _previous: unknown, form: FormData): Promise<Seen> {
  return refusable(async () => {
    const { competition } = await visit(slug);
    const { text, profile: choice } = Form.parse(Object.fromEntries(form));
    const { t, formats } = await pageLanguage();
    return see({ text, choice }, { competition, t, formats });
  });
}
