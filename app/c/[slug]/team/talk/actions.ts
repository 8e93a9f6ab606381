'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireUser } from '#lib/auth.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { saveSlides, saveSpeaker, saveTalk } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { readSpeaker, readTalk } from '#lib/talk.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../../language.ts';
import { refusable } from '../../../../refusal.ts';

const typed = z.string().max(100_000);
const TalkForm = z.object({ title: typed, description: typed, slidesLink: typed });
const NameForm = z.object({ name: typed });

export async function saveTalkText(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const talk = readTalk(TalkForm.parse(Object.fromEntries(form)));
    await saveTalk(webDatabase(), competition.id, user.id, talk);
    return saved();
  });
}

export async function nameMe(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    const name = readSpeaker(NameForm.parse(Object.fromEntries(form)).name);
    await saveSpeaker(webDatabase(), competition.id, user.id, name);
    return saved();
  });
}

export async function removeSlides(slug: string): Promise<ActionAnswer> {
  return refusable(async () => {
    const user = await requireUser();
    const competition = await getVisibleCompetition(webDatabase(), slug, user);
    await saveSlides(webDatabase(), competition.id, user.id, null);
    return saved();
  });
}

async function saved(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('talk.saved') };
}
