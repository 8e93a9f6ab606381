import { type SQL, sql } from 'drizzle-orm';
import type { Connection } from '#lib/db/client.ts';
import { type EventGroup, kindsOf } from '#lib/event-kinds.ts';

/*
 * The log as those who run a competition read it. It holds ids; names are looked up at the moment of reading, so that of a person who
 * was erased the pseudonym stands everywhere.
 */

/** `from` and `to` bound the instant, half-open. Without a group it is all but the drawing of boards. */
export type LogFilter = {
  group: EventGroup | null;
  actorId: string | null;
  teamId: string | null;
  from: Date | null;
  to: Date | null;
};

/** What an event is about, where it still can be told: a team, a file of a team, a person. */
export type About =
  | { kind: 'team'; id: string; name: string }
  | { kind: 'file'; id: string; name: string; team: string }
  | { kind: 'person'; id: string; name: string };

export type LoggedEvent = {
  id: string;
  at: Date;
  /** The instant and the details as they are chained (docs/en/operators/log.md). */
  writtenAt: string;
  writtenDetails: string;
  /** Null for the platform and its owner's command line. */
  actor: { id: string; name: string } | null;
  kind: string;
  subject: string;
  /** Null where the subject is the competition itself, or a thing without a name. */
  about: About | null;
  /** The other person or team that the details name by id. */
  other: string | null;
  reason: string;
  details: Record<string, unknown>;
  /** Where it stands in the chain; null for the moment until it is chained. */
  position: number | null;
  hash: string | null;
};

/** Newest first; `before` is the id of the last event of the page before. */
export async function listEvents(
  db: Connection,
  competitionId: string,
  filter: LogFilter,
  page: { before: string | null; limit: number },
): Promise<LoggedEvent[]> {
  type Row = Omit<LoggedEvent, 'at' | 'actor' | 'about'> & {
    at: string;
    actorId: string | null;
    actorName: string | null;
    aboutKind: About['kind'] | null;
    aboutName: string | null;
    aboutTeam: string | null;
  };
  const { rows } = await db.execute<Row>(sql`
    with page as (
      select e.*, case when e.subject ~ ${uuid} then e.subject::uuid end as subject_id,
        case when coalesce(e.details->>'memberId', e.details->>'from') ~ ${uuid}
          then coalesce(e.details->>'memberId', e.details->>'from')::uuid end as other_id
      from events e
      where e.competition_id = ${competitionId} and ${conditions(competitionId, filter)}
        and ${page.before === null ? sql`true` : sql`e.id < ${page.before}`}
      order by e.id desc limit ${page.limit})
    select p.id::text, p.at, to_char(p.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "writtenAt",
      p.details::text as "writtenDetails", p.kind, p.subject, p.reason, p.details, p.actor_id as "actorId", actor.name as "actorName",
      case when t.id is not null then 'team' when s.id is not null then 'file' when person.id is not null then 'person' end
        as "aboutKind",
      coalesce(t.name, s.file_name, person.name) as "aboutName", of_file.name as "aboutTeam",
      coalesce(other_person.name, other_team.name) as other,
      c.position::integer, encode(c.hash, 'hex') as hash
    from page p
    left join users actor on actor.id = p.actor_id
    left join teams t on t.id = p.subject_id
    left join submissions s on s.id = p.subject_id
    left join teams of_file on of_file.id = s.team_id
    left join users person on person.id = p.subject_id
    left join users other_person on other_person.id = p.other_id
    left join teams other_team on other_team.id = p.other_id
    left join event_chain c on c.event_id = p.id
    order by p.id desc`);
  return rows.map(({ at, actorId, actorName, aboutKind, aboutName, aboutTeam, ...row }) => ({
    ...row,
    at: new Date(at),
    actor: actorId === null ? null : { id: actorId, name: actorName ?? actorId },
    about: aboutOf(row.subject, aboutKind, aboutName ?? '', aboutTeam ?? ''),
  }));
}

/** Everybody who did something in the competition, by name. */
export async function listActors(db: Connection, competitionId: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.execute<{ id: string; name: string }>(sql`
    select u.id, u.name from users u
    where u.id in (select actor_id from events where competition_id = ${competitionId})
    order by u.name, u.id`);
  return rows;
}

/** Teams and what they were merged into, by name. */
export async function listTeamsOfLog(db: Connection, competitionId: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.execute<{ id: string; name: string }>(sql`
    select id, name from teams where competition_id = ${competitionId} order by name, id`);
  return rows;
}

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

function conditions(competitionId: string, { group, actorId, teamId, from, to }: LogFilter): SQL {
  const kinds = group === null ? sql`e.kind <> 'board-drawn'` : sql`e.kind = any(${sql.param(kindsOf(group))}::text[])`;
  const all = [
    kinds,
    actorId === null ? null : sql`e.actor_id = ${actorId}`,
    teamId === null ? null : ofTeam(competitionId, teamId),
    from === null ? null : sql`e.at >= ${from}`,
    to === null ? null : sql`e.at < ${to}`,
  ];
  return sql.join(
    all.filter((condition) => condition !== null),
    sql` and `,
  );
}

/** Of the team itself, its files and invitations, and merges into another. */
function ofTeam(competitionId: string, teamId: string): SQL {
  return sql`(e.details->>'from' = ${teamId} or e.subject in (
    select ${teamId} union all
    select id::text from submissions where competition_id = ${competitionId} and team_id = ${teamId} union all
    select id::text from team_invites where team_id = ${teamId}))`;
}

function aboutOf(id: string, kind: About['kind'] | null, name: string, team: string): About | null {
  switch (kind) {
    case null:
      return null;
    case 'file':
      return { kind, id, name, team };
    default:
      return { kind, id, name };
  }
}
