'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import { createEveningLink, revokeEveningLink } from '#lib/db/evening-links.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import type { LinkAnswer } from '#ui/link-maker.tsx';
import { pageLanguage } from '../../../../language.ts';
import { refusable } from '../../../../refusal.ts';

const LinkForm = z.object({
  name: z.string().trim().min(1).max(80),
  role: z.enum(['stage', 'juror']),
  expiresAt: z.string().max(40),
});
const RevokeForm = z.object({ link: z.uuid() });

export async function makeLink(slug: string, _previous: unknown, form: FormData): Promise<LinkAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { expiresAt: typed, ...link } = LinkForm.parse(Object.fromEntries(form));
    const { t, formats } = await pageLanguage();
    const expiresAt = fromLocalInput(typed, competition.timeZone);
    if (expiresAt === null) throw new RefusedError('instant-invalid', 422, { field: t('defence.link-expires') });
    const token = await createEveningLink(webDatabase(), competition.id, { ...link, expiresAt }, { actorId: user.id });
    refresh();
    const at = formats.instant(expiresAt, competition.timeZone);
    const sentence = t('defence.link-once', { name: link.name, at });
    return { status: 'done', path: `/${link.role === 'stage' ? 'stage' : 'jury'}/${token}`, sentence };
  });
}

export async function revokeLink(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { link } = RevokeForm.parse(Object.fromEntries(form));
    await revokeEveningLink(webDatabase(), competition.id, link, { actorId: user.id });
    refresh();
    return { status: 'done' };
  });
}
