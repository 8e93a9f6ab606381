'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser, requireStaff, type Staff } from '#lib/auth.ts';
import { extendDeadline, grantAttempts, revokeAdjustment, type TeamKey } from '#lib/db/adjustments.ts';
import type { MailedAct } from '#lib/db/notices.ts';
import {
  appointCaptain,
  dismissMember,
  markGuest,
  mergeTeams,
  placeMember,
  renameTeamFor,
} from '#lib/db/team-administration.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';
import { actOf } from '../staff.ts';

const reason = z.string().max(500);
const TeamForm = z.object({ team: z.uuid(), reason });
const MemberForm = TeamForm.extend({ member: z.uuid() });
const PlaceForm = z.object({
  person: z.uuid(),
  team: z.uuid().or(z.literal('')),
  name: z.string().max(1000),
  reason,
});
const NameForm = TeamForm.extend({ name: z.string().max(1000) });
const GuestForm = TeamForm.extend({ guest: z.enum(['yes', 'no']) });
const MergeForm = TeamForm.extend({ from: z.uuid() });
const ExtendForm = TeamForm.extend({ until: z.string().max(40) });
const AttemptsForm = TeamForm.extend({
  attempts: z.coerce.number().int().min(1).max(1000),
  day: z.iso.date().or(z.literal('')),
});
const RevokeForm = TeamForm.extend({ adjustment: z.uuid() });

export async function place(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { person, team, name, reason } = PlaceForm.parse(Object.fromEntries(form));
    const into = team === '' ? { name } : { teamId: team };
    await placeMember(webDatabase(), competition.id, person, into, actOf(user, reason));
    return done();
  });
}

export async function dismiss(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, MemberForm);
    await dismissMember(webDatabase(), key, typed.member, act);
    return done();
  });
}

export async function makeCaptain(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, MemberForm);
    await appointCaptain(webDatabase(), key, typed.member, act);
    return done();
  });
}

export async function rename(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, NameForm);
    await renameTeamFor(webDatabase(), key, typed.name, act);
    return done();
  });
}

export async function setGuest(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, GuestForm);
    await markGuest(webDatabase(), key, typed.guest === 'yes', act);
    return done();
  });
}

export async function merge(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, MergeForm);
    await mergeTeams(webDatabase(), key, typed.from, act);
    return done();
  });
}

/** Assistants, too. */
export async function extend(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const staff = await requireStaff(slug);
    const { key, act, typed } = signed(staff, form, ExtendForm);
    const until = fromLocalInput(typed.until, staff.competition.timeZone);
    const { t } = await pageLanguage();
    if (until === null) throw new RefusedError('instant-invalid', 422, { field: t('people.extend-until') });
    await extendDeadline(webDatabase(), key, until, act);
    return done();
  });
}

export async function addAttempts(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, AttemptsForm);
    await grantAttempts(webDatabase(), key, { attempts: typed.attempts, day: typed.day || null }, act);
    return done();
  });
}

export async function takeBack(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { key, act, typed } = signed(await requireOrganiser(slug), form, RevokeForm);
    await revokeAdjustment(webDatabase(), key, typed.adjustment, act);
    return done();
  });
}

/** What was typed about a team of this competition, and the signature under the act. */
function signed<Typed extends z.infer<typeof TeamForm>>(
  { user, competition }: Pick<Staff, 'user' | 'competition'>,
  form: FormData,
  schema: z.ZodType<Typed>,
): { key: TeamKey; act: MailedAct; typed: Typed } {
  const typed = schema.parse(Object.fromEntries(form));
  const key = { competitionId: competition.id, teamId: typed.team };
  return { key, act: actOf(user, typed.reason), typed };
}

async function done(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('people.done') };
}
