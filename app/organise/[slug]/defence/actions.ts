'use server';

import { randomBytes } from 'node:crypto';
import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireOrganiser } from '#lib/auth.ts';
import type { Competition } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import {
  addBreak,
  addTeams,
  type Change,
  changePlan,
  drawTalks,
  moveSlot,
  removeSlot,
  setSlotMinutes,
  skipSlot,
} from '#lib/db/defence.ts';
import { webDatabase } from '#lib/db/web.ts';
import { RefusedError } from '#lib/errors.ts';
import { fromLocalInput } from '#lib/time.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../../language.ts';
import { refusable } from '../../../refusal.ts';

/** The plan's version that the form was drawn with. */
const versioned = z.object({ version: z.coerce.number().int().min(0) });
const minutes = z.coerce.number().int().min(1).max(480);
const SlotForm = versioned.extend({ slot: z.uuid() });
const MoveForm = SlotForm.extend({ to: z.coerce.number().int().min(0).max(1000) });
const SkipForm = SlotForm.extend({ skip: z.enum(['yes', 'no']) });
const LengthForm = SlotForm.extend({ minutes: minutes.or(z.literal('').transform(() => null)) });
const BreakForm = versioned.extend({ minutes });
const DrawForm = versioned.extend({ seed: z.string().trim().max(100) });
const PublishForm = versioned.extend({ what: z.enum(['programme', 'slides']), publish: z.enum(['yes', 'no']) });
const typedInstant = z.string().max(40);
const PlanForm = versioned.extend({
  talkMinutes: z.coerce.number().int().min(1).max(120),
  questionMinutes: z.coerce.number().int().min(0).max(120),
  warningMinutes: z.coerce.number().int().min(0).max(60),
  startsAt: typedInstant,
  talksCloseAt: typedInstant,
});

export async function savePlan(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, startsAt, talksCloseAt, ...lengths } = PlanForm.parse(Object.fromEntries(form));
    const instants = {
      startsAt: await instantOf(startsAt, competition, 'starts-at'),
      talksCloseAt: await instantOf(talksCloseAt, competition, 'talks-close-at'),
    };
    await changePlan(webDatabase(), changeBy(user, competition, version), { ...lengths, ...instants });
    return { status: 'done' };
  });
}

/** The teams whose boxes are ticked. */
export async function addTalks(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version } = versioned.parse(Object.fromEntries(form));
    const teams = z.array(z.uuid()).max(1000).parse(form.getAll('team'));
    await addTeams(webDatabase(), changeBy(user, competition, version), teams);
    return { status: 'done' };
  });
}

export async function addPause(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, minutes } = BreakForm.parse(Object.fromEntries(form));
    await addBreak(webDatabase(), changeBy(user, competition, version), minutes);
    return { status: 'done' };
  });
}

export async function move(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, slot, to } = MoveForm.parse(Object.fromEntries(form));
    await moveSlot(webDatabase(), changeBy(user, competition, version), slot, to);
    return { status: 'done' };
  });
}

export async function skip(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, slot, skip } = SkipForm.parse(Object.fromEntries(form));
    await skipSlot(webDatabase(), changeBy(user, competition, version), slot, skip === 'yes');
    return { status: 'done' };
  });
}

export async function setLength(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, slot, minutes } = LengthForm.parse(Object.fromEntries(form));
    await setSlotMinutes(webDatabase(), changeBy(user, competition, version), slot, minutes);
    return { status: 'done' };
  });
}

export async function removeFromProgramme(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, slot } = SlotForm.parse(Object.fromEntries(form));
    await removeSlot(webDatabase(), changeBy(user, competition, version), slot);
    return { status: 'done' };
  });
}

/** By the seed that was typed, else by one of 64 random bits. */
export async function draw(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, seed } = DrawForm.parse(Object.fromEntries(form));
    await drawTalks(webDatabase(), changeBy(user, competition, version), seed || randomBytes(8).toString('hex'));
    return { status: 'done' };
  });
}

export async function publishParts(slug: string, _previous: unknown, form: FormData): Promise<ActionAnswer> {
  return refusable(async () => {
    const { user, competition } = await requireOrganiser(slug);
    const { version, what, publish } = PublishForm.parse(Object.fromEntries(form));
    const at = publish === 'yes' ? await readClock(webDatabase()) : null;
    const settings = what === 'programme' ? { programmePublishedAt: at } : { slidesPublishedAt: at };
    await changePlan(webDatabase(), changeBy(user, competition, version), settings);
    return { status: 'done' };
  });
}

/** Whatever comes of the change, the page is read anew: of most refusals it is the reason that it was out of date. */
function changeBy(user: { id: string }, competition: Competition, version: number): Change {
  refresh();
  return { actorId: user.id, competitionId: competition.id, version };
}

/** Null for an empty field; refuses 'instant-invalid'. */
async function instantOf(
  typed: string,
  { timeZone }: Competition,
  field: 'starts-at' | 'talks-close-at',
): Promise<Date | null> {
  if (typed === '') return null;
  const instant = fromLocalInput(typed, timeZone);
  if (instant !== null) return instant;
  throw new RefusedError('instant-invalid', 422, { field: (await pageLanguage()).t(`defence.${field}`) });
}
