import Link from 'next/link';
import { deadlinesWith } from '#lib/course/homework.ts';
import { type HomeworkRow, type Lecture, listHomeworks, listLectures } from '#lib/db/course-programme.ts';
import { standingExtensions } from '#lib/db/course-results.ts';
import { webDatabase } from '#lib/db/web.ts';
import { titleIn } from '#lib/news.ts';
import { Chip } from '#ui/chip.tsx';
import { Countdown } from '#ui/countdown.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { pointsText } from '../points.ts';
import { type CourseVisit, courseVisit } from './visit.ts';

type Props = { params: Promise<{ slug: string }> };
/** A homework with the deadlines that hold for who is looking. */
type Due = HomeworkRow & { isExtended: boolean };

/** The programme: what is due next, lectures with their materials, and what belongs to each. */
export default async function CoursePage({ params }: Props) {
  const v = await courseVisit((await params).slug);
  const { t, course, language } = v;
  const homeworks = await dueFor(v);
  const lectures = await listLectures(webDatabase(), course.id);
  const about = language === 'ru' ? course.aboutRu || course.aboutEn : course.aboutEn || course.aboutRu;
  return (
    <div className="space-y-10">
      {v.user !== null && v.own === null && v.role === null && (
        <Notice>{t('course.not-on-roster', { email: v.user.email })}</Notice>
      )}
      {about !== '' && <Markdown>{about}</Markdown>}
      <section>
        <h2 className="mb-4 text-xl font-semibold tracking-tight">{t('course.deadlines')}</h2>
        {homeworks.length === 0 ? (
          <p className="text-soft">{t('course.no-homework')}</p>
        ) : (
          <div className="grid gap-4 md:grid-cols-2 lg:grid-cols-3">
            {homeworks.map((homework) => (
              <HomeworkPanel key={homework.id} visit={v} homework={homework} />
            ))}
          </div>
        )}
      </section>
      <section>
        <h2 className="mb-4 text-xl font-semibold tracking-tight">{t('course.lectures')}</h2>
        {lectures.length === 0 ? (
          <EmptyState title={t('course.no-lectures')} />
        ) : (
          <ol className="border-b border-rule">
            {lectures.map((lecture) => (
              <LectureItem key={lecture.id} visit={v} lecture={lecture} homeworks={homeworks} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

async function dueFor({ course, own }: CourseVisit): Promise<Due[]> {
  const homeworks = await listHomeworks(webDatabase(), course.id);
  const agreed = own ? (await standingExtensions(webDatabase(), course.id)).get(own.id) : undefined;
  return homeworks.map((homework) => {
    const extension = agreed?.get(homework.id) ?? null;
    return { ...homework, ...deadlinesWith(homework, extension), isExtended: extension !== null };
  });
}

function HomeworkPanel({ visit, homework: h }: { visit: CourseVisit; homework: Due }) {
  const { t, now, language, formats, course } = visit;
  const title = titleIn(h, language);
  const until = [h.softAt, h.hardAt].find((instant) => instant > now);
  const instant = (at: Date) => formats.instant(at, course.timeZone);
  return (
    <Panel as="article" title={title} aside={t('course.most-points', { points: pointsText(visit, h.maxPoints) })}>
      <dl className="space-y-1 text-sm">
        <Line term={t('course.soft')} value={instant(h.softAt)} />
        <Line term={t('course.hard')} value={instant(h.hardAt)} />
      </dl>
      {h.isExtended && (
        <p className="mt-2">
          <Chip look="accent">{t('course.extended-you')}</Chip>
        </p>
      )}
      <p className="mt-3">
        {now < h.handedOutAt && t('course.handed-out', { at: instant(h.handedOutAt) })}
        {now >= h.handedOutAt && until && (
          <>
            {t(until === h.softAt ? 'course.left-soft' : 'course.left-hard')}{' '}
            <strong className="font-semibold">
              <Countdown
                until={until.toISOString()}
                absolute={instant(until)}
                language={language}
                now={now.toISOString()}
              />
            </strong>
          </>
        )}
        {!until && t('course.closed')}
      </p>
      {h.link !== null && now >= h.handedOutAt && (
        <p className="mt-2">
          <a href={h.link} rel="noopener noreferrer" className="link" aria-label={`${t('course.task')}: ${title}`}>
            {t('course.task')}
          </a>
        </p>
      )}
    </Panel>
  );
}

function Line({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex flex-wrap gap-x-2">
      <dt className="text-soft">{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function LectureItem({
  visit,
  lecture,
  homeworks,
}: {
  visit: CourseVisit;
  lecture: Lecture;
  homeworks: readonly Due[];
}) {
  const { t, language, formats, course } = visit;
  const homework = homeworks.find(({ id }) => id === lecture.homeworkId);
  return (
    <li className="grid gap-x-8 gap-y-1 border-t border-rule py-5 md:grid-cols-[13rem_minmax(0,1fr)]">
      <time dateTime={lecture.heldAt.toISOString()} className="text-soft">
        {formats.instant(lecture.heldAt, course.timeZone)}
      </time>
      <div className="min-w-0">
        <h3 className="text-lg font-semibold leading-snug">{titleIn(lecture, language)}</h3>
        {lecture.materials.length > 0 && (
          <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
            {lecture.materials.map(({ title, url }) => (
              <li key={`${title} ${url}`} className="min-w-0">
                <a href={url} rel="noopener noreferrer" className="link break-words">
                  {title}
                </a>
              </li>
            ))}
          </ul>
        )}
        {homework && (
          <p className="mt-2 text-sm">
            <Chip>{t('course.homework')}</Chip> {titleIn(homework, language)},{' '}
            {t('course.until', { at: visit.print(homework.softAt) })}
          </p>
        )}
        {lecture.isProject && (
          <p className="mt-2 text-sm">
            <Chip look="accent">{t('course.project')}</Chip>{' '}
            <Link href={`/course/${visit.slug}/rules`} prefetch={false} className="link">
              {t('course.project-rules')}
            </Link>
          </p>
        )}
      </div>
    </li>
  );
}
