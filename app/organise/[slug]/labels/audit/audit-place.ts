import type { translatorOf } from '#lib/messages/format.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { Place } from '../texts.ts';

type Say = ReturnType<typeof translatorOf<AreaMessages<'audit'>>>;

/** What every part of the page needs: that of the labels' page, and `say` for what only audits say. */
export type AuditPlace = Place & { say: Say };
