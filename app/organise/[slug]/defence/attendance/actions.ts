'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser, requireStaff } from '#lib/auth.ts';
import { overrideAttendance, recordAttendance, withdrawOverride } from '#lib/db/attendance.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { refusable } from '../../../../refusal.ts';

const attended = z.enum(['yes', 'no']);
const reason = z.string().trim().max(500);
const TickForm = z.object({ person: z.uuid(), attended });
const OverrideForm = TickForm.extend({ reason });
const WithdrawForm = z.object({ person: z.uuid(), reason });

/** Assistants, too. */
export async function tick(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireStaff(slug);
    const { person, attended } = TickForm.parse(Object.fromEntries(form));
    refresh();
    await recordAttendance(webDatabase(), competition.id, person, attended === 'yes', { actorId: user.id });
    return { status: 'done' };
  });
}

export async function override(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { person, attended, reason } = OverrideForm.parse(Object.fromEntries(form));
    await overrideAttendance(webDatabase(), competition.id, person, attended === 'yes', { actorId: user.id, reason });
    refresh();
    return { status: 'done' };
  });
}

export async function withdraw(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { person, reason } = WithdrawForm.parse(Object.fromEntries(form));
    await withdrawOverride(webDatabase(), competition.id, person, { actorId: user.id, reason });
    refresh();
    return { status: 'done' };
  });
}
