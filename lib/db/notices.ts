import { and, eq, inArray, isNull } from 'drizzle-orm';
import { nameOf } from '#lib/competition.ts';
import { type Connection, one } from '#lib/db/client.ts';
import type { Act } from '#lib/db/competitions.ts';
import { listWilling } from '#lib/db/mail-choices.ts';
import { createMails } from '#lib/db/mails.ts';
import { competitions, teamMembers, teams, users } from '#lib/db/schema.ts';
import { composeMail, type MailPart, type MailText } from '#lib/identity/mail-text.ts';
import { isOptional, type MailCategory } from '#lib/mail/categories.ts';
import type { Language } from '#lib/messages/language.ts';
import { type Translate, translator } from '#lib/messages/translate.ts';

/*
 * Mails about what organisers did, each in its reader's language and in the transaction of the act.
 */

/** An act that people are written to about; `site` is the public origin that links begin with. */
export type MailedAct = Act & { site: string };

export type TeamNews =
  | 'attempts-granted'
  | 'deadline-extended'
  | 'adjustment-revoked'
  | 'member-placed'
  | 'member-dismissed'
  | 'captain-appointed'
  | 'team-renamed'
  | 'teams-merged'
  | 'guest-marked'
  | 'guest-unmarked'
  | 'submission-voided'
  | 'submission-restored';

type Text = { subject: string; paragraphs: readonly MailPart[] };

/** What a mail is about; `minutes`: for how long it says something true. */
export type MailAbout = { category: MailCategory; competitionId: string | null; minutes?: number | null };

/** Writes to each of these people once, in the language of their account, but to nobody who refused such mails. */
export async function mailPeople(
  tx: Connection,
  userIds: readonly string[],
  about: MailAbout,
  textIn: (language: Language, t: Translate) => Text,
): Promise<void> {
  const { category, competitionId } = about;
  const readers = isOptional(category) ? await listWilling(tx, userIds, category, competitionId) : userIds;
  if (readers.length === 0) return;
  const columns = { userId: users.id, recipient: users.email, language: users.language };
  const people = await tx
    .select(columns)
    .from(users)
    .where(and(inArray(users.id, [...readers]), isNull(users.erasedAt)));
  const written = new Map<Language, MailText>();
  const write = (language: Language) => {
    const { subject, paragraphs } = textIn(language, translator(language));
    const mail = composeMail(language, subject, paragraphs);
    written.set(language, mail);
    return mail;
  };
  await createMails(
    tx,
    people.map((person) => ({ ...person, ...about, ...(written.get(person.language) ?? write(person.language)) })),
  );
}

/** Tells the members of a team, and `also` who no longer is one, what was done and why. */
export async function mailTeam(
  tx: Connection,
  teamId: string,
  news: { kind: TeamNews; reason: string; site: string; also?: readonly string[]; person?: string; file?: string },
): Promise<void> {
  const rows = await tx
    .select({ team: teams.name, competition: competitions })
    .from(teams)
    .innerJoin(competitions, eq(competitions.id, teams.competitionId))
    .where(eq(teams.id, teamId));
  const { team, competition } = one(rows, 'team', teamId);
  const members = await tx.select({ id: teamMembers.userId }).from(teamMembers).where(eq(teamMembers.teamId, teamId));
  const recipients = [...members.map(({ id }) => id), ...(news.also ?? [])];
  const about = { category: 'decisions', competitionId: competition.id } as const;
  await mailPeople(tx, recipients, about, (language, t) => ({
    subject: t('people.mail-subject', { competition: nameOf(competition, language) }),
    paragraphs: [
      t(`people.mail-${news.kind}`, { team, person: news.person ?? '', file: news.file ?? '' }),
      t('people.mail-reason', { reason: news.reason }),
      { label: t('people.mail-link'), url: `${news.site}/c/${competition.slug}/team` },
    ],
  }));
}

/** Everybody who is in a team of the competition. */
export async function listMemberIds(db: Connection, competitionId: string): Promise<string[]> {
  const rows = await db
    .select({ id: teamMembers.userId })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.competitionId, competitionId), isNull(teams.disbandedAt)));
  return rows.map(({ id }) => id);
}
