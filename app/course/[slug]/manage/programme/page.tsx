import type { Metadata } from 'next';
import { type HomeworkRow, type Lecture, listHomeworks, listLectures } from '#lib/db/course-programme.ts';
import { webDatabase } from '#lib/db/web.ts';
import { titleIn } from '#lib/news.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../../language.ts';
import { pointsText } from '../../../points.ts';
import { type CourseDesk, organiserDesk } from '../desk.ts';
import { HomeworkForm, LectureForm, Removal } from './forms.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.manage-programme') };
}

/** Homeworks with their deadlines, and lectures with what belongs to each. */
export default async function ProgrammePage({ params }: Props) {
  const d = await organiserDesk((await params).slug);
  const { t, course } = d;
  const homeworks = await listHomeworks(webDatabase(), course.id);
  const lectures = await listLectures(webDatabase(), course.id);
  return (
    <>
      <PageTitle level={2} lead={t('course.programme-lead', { zone: course.timeZone })}>
        {t('course.manage-programme')}
      </PageTitle>
      <div className="grid gap-6 lg:grid-cols-2">
        <Panel title={t('course.homeworks')}>
          <ul className="divide-y divide-rule">
            {homeworks.map((homework) => (
              <HomeworkItem key={homework.id} desk={d} homework={homework} />
            ))}
          </ul>
          <details className="mt-4" open={homeworks.length === 0}>
            <summary className="cursor-pointer font-semibold">{t('course.homework-add')}</summary>
            <div className="mt-4">
              <HomeworkForm desk={d} />
            </div>
          </details>
        </Panel>
        <Panel title={t('course.lectures')}>
          <ul className="divide-y divide-rule">
            {lectures.map((lecture) => (
              <LectureItem key={lecture.id} desk={d} lecture={lecture} homeworks={homeworks} />
            ))}
          </ul>
          <details className="mt-4" open={lectures.length === 0}>
            <summary className="cursor-pointer font-semibold">{t('course.lecture-add')}</summary>
            <div className="mt-4">
              <LectureForm desk={d} homeworks={homeworks} />
            </div>
          </details>
        </Panel>
      </div>
    </>
  );
}

function HomeworkItem({ desk: d, homework }: { desk: CourseDesk; homework: HomeworkRow }) {
  const { t, language, print } = d;
  const title = titleIn(homework, language);
  return (
    <li className="py-3">
      <p className="font-medium">{title}</p>
      <p className="text-sm text-soft">
        {t('course.homework-facts', {
          points: pointsText(d, homework.maxPoints),
          soft: print(homework.softAt),
          hard: print(homework.hardAt),
        })}
      </p>
      <details className="mt-1">
        <summary className="cursor-pointer text-sm">
          {t('course.edit')}
          <span className="sr-only">: {title}</span>
        </summary>
        <div className="mt-3 space-y-4">
          <HomeworkForm desk={d} homework={homework} />
          <Removal desk={d} id={homework.id} title={title} kind="homework" />
        </div>
      </details>
    </li>
  );
}

type LectureProps = { desk: CourseDesk; lecture: Lecture; homeworks: readonly HomeworkRow[] };

function LectureItem({ desk: d, lecture, homeworks }: LectureProps) {
  const { t, language, print } = d;
  const title = titleIn(lecture, language);
  return (
    <li className="py-3">
      <p className="font-medium">{title}</p>
      <p className="text-sm text-soft">{print(lecture.heldAt)}</p>
      <details className="mt-1">
        <summary className="cursor-pointer text-sm">
          {t('course.edit')}
          <span className="sr-only">: {title}</span>
        </summary>
        <div className="mt-3 space-y-4">
          <LectureForm desk={d} lecture={lecture} homeworks={homeworks} />
          <Removal desk={d} id={lecture.id} title={title} kind="lecture" />
        </div>
      </details>
    </li>
  );
}
