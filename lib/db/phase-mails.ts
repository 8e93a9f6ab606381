import { sql } from 'drizzle-orm';
import { type Competition, nameOf } from '#lib/competition.ts';
import { type Connection, readClock } from '#lib/db/client.ts';
import { mailPeople } from '#lib/db/notices.ts';
import { competitions } from '#lib/db/schema.ts';
import { claimTelling } from '#lib/db/tellings.ts';
import { mailInstant } from '#lib/mail/instant.ts';
import { type Audience, audienceOf, isWarning, listDueEvents, type PhaseEvent } from '#lib/mail/phase-events.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';

/*
 * Mails about what the clock opens and closes. What becomes due together for the same people is one mail.
 */

export async function mailPhases(db: Connection, site: string): Promise<void> {
  const running = await db
    .select()
    .from(competitions)
    .where(sql`
    ${competitions.publishedAt} <= rostrum_now() and rostrum_now() - interval '1 day' < greatest(published_at,
      registration_ends_at, team_changes_end_at, train_released_at, dev_released_at, test_released_at, submissions_end_at)`);
  const now = await readClock(db);
  const told = await listTold(db);
  const isNew = (competition: Competition, { kind }: PhaseEvent) => !told.has(`${competition.id} ${kind}`);
  for (const competition of running) {
    if (!listDueEvents(competition, now).some((event) => isNew(competition, event))) continue;
    await db.transaction((tx) => mailCompetition(tx, competition.id, site));
  }
}

/** Older ones are not due any more. */
async function listTold(db: Connection): Promise<Set<string>> {
  const { rows } = await db.execute<{ key: string }>(sql`
    select subject || ' ' || kind as key from mailed_events where mailed_at > rostrum_now() - interval '2 days'`);
  return new Set(rows.map(({ key }) => key));
}

async function mailCompetition(tx: Connection, id: string, site: string): Promise<void> {
  // Read again under a lock: a boundary that an organiser moves meanwhile is moved before or after this.
  const [competition] = await tx.select().from(competitions).where(sql`${competitions.id} = ${id}`).for('share');
  if (competition === undefined) return;
  const due: PhaseEvent[] = [];
  for (const event of listDueEvents(competition, await readClock(tx))) {
    const isDue = (await isTrueHere(tx, competition, event)) && (await claimTelling(tx, { subject: id, ...event }));
    if (isDue) due.push(event);
  }
  const readers = new Map<string, PhaseEvent[]>();
  for (const event of due) {
    for (const userId of await listAudience(tx, id, audienceOf[event.kind])) {
      readers.set(userId, [...(readers.get(userId) ?? []), event]);
    }
  }
  for (const { userIds, events } of groups(readers)) await mailGroup(tx, { competition, userIds, events, site });
}

/** A split without recordings is not released. */
async function isTrueHere(tx: Connection, { id }: Competition, { kind }: PhaseEvent): Promise<boolean> {
  const split = /^(train|dev|test)-released$/.exec(kind)?.[1];
  if (split === undefined) return true;
  const { rows } = await tx.execute(
    sql`select from utterances where competition_id = ${id} and split = ${split} limit 1`,
  );
  return rows.length > 0;
}

/** People who are told the same, together. */
function groups(readers: ReadonlyMap<string, PhaseEvent[]>): { userIds: string[]; events: PhaseEvent[] }[] {
  const byKinds = new Map<string, { userIds: string[]; events: PhaseEvent[] }>();
  for (const [userId, events] of readers) {
    const key = events.map(({ kind }) => kind).join();
    const group = byKinds.get(key) ?? { userIds: [], events };
    group.userIds.push(userId);
    byKinds.set(key, group);
  }
  return [...byKinds.values()];
}

type Group = { competition: Competition; userIds: string[]; events: PhaseEvent[]; site: string };

async function mailGroup(tx: Connection, { competition, userIds, events, site }: Group): Promise<void> {
  const { id: competitionId, slug } = competition;
  const isReminder = events.every(({ kind }) => isWarning(kind));
  // A warning that comes after what it warned of would only mislead.
  const left = Math.min(...events.map(({ at }) => at.getTime())) - (await readClock(tx)).getTime();
  const minutes = isReminder ? Math.ceil(left / 60_000) : null;
  const category = isReminder ? 'reminders' : 'phases';
  const [first] = events;
  const page = first && pages[first.kind];
  await mailPeople(tx, userIds, { category, competitionId, minutes }, (language, t) => {
    const name = nameOf(competition, language);
    const kind = events.length === 1 ? first!.kind : 'several';
    return {
      subject: `${name}: ${t(`mail.phase-${kind}-subject`)}`,
      paragraphs: [
        ...events.map((event) => sentenceOf(competition, event, language, t)),
        { label: t('mail.phase-link'), url: `${site}/c/${slug}${page ?? ''}` },
      ],
    };
  });
}

/** Where there is something to do about it. */
const pages: Record<PhaseEvent['kind'], string> = {
  'registration-open': '',
  'registration-closing': '',
  'teams-locking': '/team',
  'train-released': '/data',
  'dev-released': '/data',
  'test-released': '/data',
  'submissions-open': '/submit',
  'nothing-sent': '/submit',
  frozen: '/submit',
  closed: '/submissions',
};

function sentenceOf(competition: Competition, { kind, at }: PhaseEvent, language: Language, t: Translate): string {
  const { registrationEndsAt, submissionsEndAt, revealsAt, timeZone } = competition;
  const print = (instant: Date) => mailInstant(instant, timeZone, language);
  const ends = kind === 'registration-open' ? registrationEndsAt : submissionsEndAt;
  return t(`mail.phase-${kind}`, {
    competition: nameOf(competition, language),
    at: print(at),
    until: print(ends),
    reveal: revealsAt === null ? 'none' : print(revealsAt),
  });
}

/** No team of the demonstration, and of a closed competition no team that may go on sending. */
export async function listAudience(tx: Connection, competitionId: string, audience: Audience): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(audiences[audience](competitionId));
  return rows.map(({ id }) => id);
}

const accepted = (id: string) => sql`select user_id as id from rule_acceptances where competition_id = ${id}`;
const members = (id: string) => sql`
  select m.user_id as id from team_members m join teams t on t.id = m.team_id
  where t.competition_id = ${id} and t.disbanded_at is null and not t.is_demo`;
const audiences = {
  students: (id: string) => sql`
    select s.user_id as id from course_students s join courses c on c.id = s.course_id
    where c.competition_id = ${id} and c.published_at <= rostrum_now() and s.removed_at is null and s.user_id is not null
      and s.user_id not in (${accepted(id)})`,
  teamless: (id: string) => sql`${accepted(id)} except select user_id from team_members where competition_id = ${id}`,
  participants: (id: string) => sql`
    (${accepted(id)} except select m.user_id from team_members m join teams t on t.id = m.team_id
      where m.competition_id = ${id} and t.is_demo) union ${members(id)}`,
  members,
  done: (id: string) => sql`${members(id)} and not exists (
    select from team_adjustments a where a.team_id = t.id and a.kind = 'deadline' and a.revoked_at is null
      and a.closes_at > rostrum_now())`,
  silent: (id: string) => sql`${members(id)} and not exists (
    select from submissions s where s.team_id = t.id and s.split = 'test' and s.state <> 'rejected')`,
};
