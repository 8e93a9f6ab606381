import { sql } from 'drizzle-orm';
import { nameOf } from '#lib/competition.ts';
import { type Connection, one } from '#lib/db/client.ts';
import { mailPeople } from '#lib/db/notices.ts';
import { courses } from '#lib/db/schema.ts';
import { claimTelling } from '#lib/db/tellings.ts';
import { mailInstant } from '#lib/mail/instant.ts';
import { titleIn } from '#lib/news.ts';

/*
 * A mail the day before a homework's soft deadline, to students for whom nothing is recorded yet; who has more time is written to the
 * day before their own.
 */

type Due = { id: string; courseId: string; titleRu: string; titleEn: string; softAt: string; students: string[] };

export async function mailHomeworkReminders(db: Connection, site: string): Promise<void> {
  for (const due of await listDue(db)) await db.transaction((tx) => remind(tx, due, site));
}

/** `id`: of the homework, or of an extension, which is one student's. */
async function listDue(db: Connection): Promise<Due[]> {
  const { rows } = await db.execute<Due>(sql`
    with clock as materialized (select rostrum_now() as now),
    deadlines as (
      select coalesce(e.id, h.id) as id, h.course_id, h.title_ru, h.title_en, coalesce(e.soft_at, h.soft_at) as soft_at,
        h.handed_out_at, s.user_id
      from course_homeworks h
      join courses c on c.id = h.course_id and c.published_at <= rostrum_now()
      join course_students s on s.course_id = h.course_id and s.removed_at is null and s.user_id is not null
      left join lateral (
        select id, soft_at from homework_extensions
        where homework_id = h.id and student_id = s.id and revoked_at is null order by soft_at desc limit 1) e on true
      where h.removed_at is null and not exists (
        select from homework_results r where r.homework_id = h.id and r.student_id = s.id))
    select id, course_id as "courseId", title_ru as "titleRu", title_en as "titleEn", soft_at as "softAt",
      array_agg(user_id::text) as students
    from clock, deadlines
    where now < soft_at and soft_at <= now + interval '24 hours' and handed_out_at <= soft_at - interval '24 hours'
      and not exists (select from mailed_events m where m.subject = deadlines.id and m.kind = 'homework-due')
    group by id, course_id, title_ru, title_en, soft_at`);
  return rows;
}

async function remind(tx: Connection, { id, courseId, softAt, students, ...titles }: Due, site: string): Promise<void> {
  const at = new Date(softAt);
  if (!(await claimTelling(tx, { subject: id, kind: 'homework-due', at }))) return;
  const course = one(await tx.select().from(courses).where(sql`${courses.id} = ${courseId}`), 'course', courseId);
  const about = { category: 'reminders', competitionId: course.competitionId } as const;
  await mailPeople(tx, students, about, (language, t) => {
    const values = {
      course: nameOf(course, language),
      homework: titleIn(titles, language),
      at: mailInstant(at, course.timeZone, language),
    };
    return {
      subject: t('mail.homework-subject', values),
      paragraphs: [
        t('mail.homework-text', values),
        t('mail.homework-note'),
        { label: t('mail.homework-link'), url: `${site}/course/${course.slug}` },
      ],
    };
  });
}
