import type { Competition, Status } from '#lib/competition.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Formats } from '#ui/format.ts';

/** Where a competition stands and what a team can do now, in one sentence. */
export function statusSentence(
  t: Translate,
  formats: Formats,
  competition: Competition,
  { key, until }: Status,
): string {
  return t(`competition.status-${key}`, {
    until: until === null ? 'none' : formats.instant(until, competition.timeZone),
  });
}
