'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { createInvite, mailInvite, revokeInvite } from '#lib/db/invites.ts';
import { createTeam, handOverCaptaincy, removeMember, renameTeam } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import type { LinkAnswer } from '#ui/link-maker.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

const NameForm = z.object({ name: z.string().max(1000) });
const MemberForm = z.object({ member: z.uuid() });
const AddressForm = z.object({ email: z.string().max(1000) });
const InviteForm = z.object({ invite: z.uuid() });

export async function foundTeam(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { name } = NameForm.parse(Object.fromEntries(form));
    await createTeam(webDatabase(), competition.id, user.id, name);
    redirect(`/c/${slug}/team`);
  });
}

export async function rename(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { name } = NameForm.parse(Object.fromEntries(form));
    await renameTeam(webDatabase(), competition.id, user.id, name);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('team.renamed') };
  });
}

export async function handOver(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { member } = MemberForm.parse(Object.fromEntries(form));
    await handOverCaptaincy(webDatabase(), competition.id, user.id, member);
    refresh();
    return { status: 'done' };
  });
}

export async function remove(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { member } = MemberForm.parse(Object.fromEntries(form));
    await removeMember(webDatabase(), competition.id, member, user.id);
    refresh();
    return { status: 'done' };
  });
}

export async function leave(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    await removeMember(webDatabase(), competition.id, user.id, user.id);
    redirect(`/c/${slug}/team`);
  });
}

export async function invite(slug: string): Promise<LinkAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { token, expiresAt } = await createInvite(webDatabase(), competition.id, user.id);
    refresh();
    const { t, formats } = await pageLanguage();
    const until = t('team.invite-once', { at: formats.instant(expiresAt, competition.timeZone) });
    return { status: 'done', path: `/join/${token}`, sentence: until };
  });
}

export async function inviteByMail(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { email } = AddressForm.parse(Object.fromEntries(form));
    await mailInvite(webDatabase(), competition, user, email, webEnv().origin);
    refresh();
    const { t } = await pageLanguage();
    return { status: 'done', sentence: t('team.invite-mail-sent', { email: email.trim() }) };
  });
}

export async function revoke(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const { invite } = InviteForm.parse(Object.fromEntries(form));
    await revokeInvite(webDatabase(), competition.id, user.id, invite);
    refresh();
    return { status: 'done' };
  });
}
