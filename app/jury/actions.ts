'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireGuest } from '#lib/auth/evening-guest.ts';
import { saveSheet } from '#lib/db/jury.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { refusable } from '../refusal.ts';

const SheetForm = z.object({ team: z.uuid(), comment: z.string().trim().max(2000) });
const Marks = z.array(z.tuple([z.uuid(), z.coerce.number().int()])).max(100);

/** Whoever has opened a link for jurors; their marks are their own. */
export async function saveMarks(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const juror = await requireGuest('juror');
    const typed = Object.fromEntries(form);
    const { team, comment } = SheetForm.parse(typed);
    const marks = Object.entries(typed).filter(([name, value]) => name.startsWith('mark-') && value !== '');
    const given = Marks.parse(marks.map(([name, value]) => [name.slice('mark-'.length), value]));
    await saveSheet(webDatabase(), juror, team, { marks: Object.fromEntries(given), comment });
    refresh();
    return { status: 'done', sentence: (await pageLanguage()).t('jury.saved') };
  });
}
