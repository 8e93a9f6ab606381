import type { translatorOf } from '#lib/messages/format.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { AuditPlace } from '../labels/audit/audit-place.ts';

type Tell = ReturnType<typeof translatorOf<AreaMessages<'evidence'>>>;

/** What every part of the page needs: that of audits, whose way of showing texts it shares, and `tell` for what only this page says. */
export type EvidencePlace = AuditPlace & { tell: Tell };
