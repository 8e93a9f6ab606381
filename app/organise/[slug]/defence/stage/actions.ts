'use server';

import { refresh } from 'next/cache';
import { requireStaff } from '#lib/auth.ts';
import { pressStage } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../../refusal.ts';
import { PressForm } from '../../../../stage/press-form.ts';

/** Organisers and assistants. */
export async function pressRemote(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireStaff(slug);
    const pressed = PressForm.parse(Object.fromEntries(form));
    // What was seen is out of date either way.
    refresh();
    await pressStage(webDatabase(), competition.id, pressed, { actorId: user.id });
    return { status: 'done' };
  });
}
