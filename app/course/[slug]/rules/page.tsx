import type { Metadata } from 'next';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { listHomeworks } from '#lib/db/course-programme.ts';
import { getPlan } from '#lib/db/defence.ts';
import { webDatabase } from '#lib/db/web.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { CourseRules } from '../../course-rules.tsx';
import { courseVisit } from '../visit.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.rules-title') };
}

export default async function CourseRulesPage({ params }: Props) {
  const v = await courseVisit((await params).slug);
  const { id, competitionId, settings, timeZone } = v.course;
  const homeworks = await listHomeworks(webDatabase(), id);
  const competition = competitionId === null ? null : await getCompetitionById(webDatabase(), competitionId);
  const plan = competition && (await getPlan(webDatabase(), competition.id));
  return (
    <>
      <PageTitle level={2} lead={v.t('course.rules-lead')}>
        {v.t('course.rules-title')}
      </PageTitle>
      <CourseRules
        words={v}
        timeZone={timeZone}
        settings={settings}
        homeworks={homeworks}
        teamSize={competition?.teamSize ?? null}
        pointsForMarks={plan?.pointsForMarks ?? null}
      />
    </>
  );
}
