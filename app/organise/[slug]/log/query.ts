import { z } from 'zod';
import type { Competition } from '#lib/competition.ts';
import type { LogFilter } from '#lib/db/event-log.ts';
import { eventGroups } from '#lib/event-kinds.ts';
import { fromLocalInput, nextLocalDay } from '#lib/time.ts';

/** What the address says; what it says wrongly is as if it said nothing. */
const Query = z.object({
  about: z.enum(eventGroups).optional().catch(undefined),
  by: z.uuid().optional().catch(undefined),
  team: z.uuid().optional().catch(undefined),
  day: z.iso.date().optional().catch(undefined),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .catch(undefined),
});
export type LogQuery = z.infer<typeof Query>;

export function readQuery(parameters: Record<string, unknown>): LogQuery {
  return Query.parse(parameters);
}

export function isFiltered({ about, by, team, day }: LogQuery): boolean {
  return [about, by, team, day].some((value) => value !== undefined);
}

/** The day is one of the competition's zone. */
export function filterOf(query: LogQuery, { timeZone }: Competition): LogFilter {
  const from = query.day === undefined ? null : fromLocalInput(`${query.day}T00:00`, timeZone);
  return {
    group: query.about ?? null,
    actorId: query.by ?? null,
    teamId: query.team ?? null,
    from,
    to: from && nextLocalDay(from, timeZone),
  };
}

/** The same filters, from another place of the log on. */
export function addressOf(root: string, query: LogQuery, before?: string): string {
  const given = Object.entries({ ...query, before }).filter((entry): entry is [string, string] => !!entry[1]);
  const parameters = new URLSearchParams(given).toString();
  return parameters === '' ? root : `${root}?${parameters}`;
}
