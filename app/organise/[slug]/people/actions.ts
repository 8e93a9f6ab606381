'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { offerRole, revokeRole } from '#lib/db/organisers.ts';
import { withdrawRoleInvite } from '#lib/db/role-invites.ts';
import { webDatabase } from '#lib/db/web.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { actOf } from '../staff.ts';

const OfferForm = z.object({ email: z.string().trim().max(254), role: z.enum(['organiser', 'assistant']) });
const RevokeForm = z.object({ person: z.uuid() });
const InviteForm = z.object({ invite: z.uuid() });

export async function offer(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const offered = OfferForm.parse(Object.fromEntries(form));
    const { t, language } = await pageLanguage();
    const outcome = await offerRole(webDatabase(), competition, { ...offered, language }, actOf(user));
    refresh();
    return { status: 'done', sentence: t(`people.${outcome}`) };
  });
}

export async function revoke(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { person } = RevokeForm.parse(Object.fromEntries(form));
    await revokeRole(webDatabase(), competition.id, person, { actorId: user.id });
    refresh();
    return { status: 'done' };
  });
}

export async function withdrawInvite(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { invite } = InviteForm.parse(Object.fromEntries(form));
    await withdrawRoleInvite(webDatabase(), competition.id, invite, actOf(user));
    refresh();
    return { status: 'done' };
  });
}
