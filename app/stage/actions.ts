'use server';

import { refresh } from 'next/cache';
import { requireGuest } from '#lib/auth/evening-guest.ts';
import { pressStage } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../refusal.ts';
import { PressForm } from './press-form.ts';

/** Whoever has opened a link for the stage. */
export async function pressAsGuest(_previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { competitionId, linkId } = await requireGuest('stage');
    const pressed = PressForm.parse(Object.fromEntries(form));
    refresh();
    await pressStage(webDatabase(), competitionId, pressed, { linkId });
    return { status: 'done' };
  });
}
