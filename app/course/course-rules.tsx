import type { ReactNode } from 'react';
import { type Deadlines, pointsOfHomework } from '#lib/course/homework.ts';
import { pointsOfPlaces } from '#lib/course/project.ts';
import { type CourseSettings, mostProjectPoints, roundPoints, significanceLevel } from '#lib/course/settings.ts';
import type { Language } from '#lib/messages/language.ts';
import { titleIn } from '#lib/news.ts';
import { addDays } from '#lib/time.ts';
import { Table } from '#ui/table.tsx';
import { homeworkSentence, pointsText, type Words } from './points.ts';

/** A homework as rules need it. */
type RuleHomework = Deadlines & { titleRu: string; titleEn: string; maxPoints: number };
type Props = {
  words: Words & { language: Language };
  timeZone: string;
  settings: CourseSettings;
  homeworks: readonly RuleHomework[];
  teamSize: number | null;
  /** What full marks of all jurors are worth; null for nothing. */
  pointsForMarks: number | null;
};

/** Every rule about points with an example that the rules themselves have computed, in this course's numbers. */
export function CourseRules(props: Props) {
  const { words, settings } = props;
  const { t } = words;
  const print = (points: number) => pointsText(words, points);
  const { thresholds } = settings;
  const grades = { three: print(thresholds[3]), four: print(thresholds[4]), five: print(thresholds[5]) };
  const rules: { title: string; text: ReactNode }[] = [
    { title: t('course.rule-sum'), text: <Sum {...props} /> },
    { title: t('course.rule-late'), text: <Late {...props} /> },
    { title: t('course.rule-baseline'), text: <Baseline {...props} /> },
    { title: t('course.rule-place'), text: <Places {...props} /> },
    { title: t('course.rule-defence'), text: <Defence {...props} /> },
    { title: t('course.rule-grade'), text: t('course.rule-grade-text', grades) },
    { title: t('course.rule-shortlist'), text: t('course.rule-shortlist-text', { size: settings.shortlistSize }) },
  ];
  return (
    <dl className="max-w-[76ch] divide-y divide-rule border-y border-rule">
      {rules.map(({ title, text }) => (
        <div key={title} className="gap-x-6 py-4 sm:grid sm:grid-cols-[13rem_minmax(0,1fr)]">
          <dt className="font-semibold">{title}</dt>
          <dd className="mt-1 min-w-0 space-y-3 sm:mt-0">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sum({ words, settings, homeworks }: Props) {
  const { t } = words;
  const homework = roundPoints(homeworks.reduce((sum, { maxPoints }) => sum + maxPoints, 0));
  const project = mostProjectPoints(settings);
  const parts = homeworks.map(({ maxPoints }) => pointsText(words, maxPoints)).join(' + ');
  return (
    <p>
      {t('course.rule-sum-text', {
        total: pointsText(words, roundPoints(homework + project)),
        homework: pointsText(words, homework),
        parts: parts || '0',
        project: pointsText(words, project),
      })}
    </p>
  );
}

/** The first homework, or one due on a first of March, handed in at moments that tell the rule. */
function Late({ words, settings, homeworks, timeZone }: Props) {
  const { t, formats, language } = words;
  const example = homeworks[0] ?? inventedHomework;
  const { softAt, hardAt, maxPoints } = example;
  const minute = 60_000;
  const moments = inOrder([
    softAt,
    new Date(softAt.getTime() + 11 * minute),
    addDays(softAt, 2, timeZone),
    new Date(hardAt.getTime() - minute),
    hardAt,
  ]);
  const print = (instant: Date) => formats.shortInstant(instant, timeZone);
  const deadlines = { soft: print(softAt), hard: print(hardAt), zone: formats.zone(softAt, timeZone) };
  const rule = { penalty: pointsText(words, settings.penaltyPerDay), timeZone };
  return (
    <>
      <p>{t('course.rule-late-text', rule)}</p>
      <Table
        caption={t('course.rule-late-example', {
          title: titleIn(example, language),
          most: pointsText(words, maxPoints),
          ...deadlines,
        })}
        columns={[
          { label: t('course.rule-handed-in') },
          { label: t('course.column-how') },
          { label: t('course.column-points'), look: 'number' },
        ]}
      >
        {moments.map((handedInAt) => {
          const marked = { points: maxPoints, handedInAt };
          const { points, why } = pointsOfHomework(marked, example, { ...settings, timeZone });
          return (
            <tr key={handedInAt.getTime()}>
              <th scope="row" className="whitespace-nowrap font-normal">
                {print(handedInAt)}
              </th>
              <td>{homeworkSentence(words, why)}</td>
              <td className="number">{pointsText(words, points)}</td>
            </tr>
          );
        })}
      </Table>
    </>
  );
}

/** Deadlines may lie so near that some of the moments are the same, or come in another order. */
function inOrder(moments: readonly Date[]): Date[] {
  return [...new Set(moments.map(Number))].sort((a, b) => a - b).map((at) => new Date(at));
}

function Baseline({ words, settings }: Props) {
  const { t, formats } = words;
  const points = pointsText(words, settings.baselinePoints);
  const level = formats.number(significanceLevel, 2);
  return (
    <>
      <p>{t('course.rule-baseline-text', { points })}</p>
      <p>
        {settings.baselineNeedsSignificance
          ? t('course.rule-baseline-significant', { level })
          : t('course.rule-baseline-shown', { level })}
      </p>
      <p className="text-soft">{t('course.rule-baseline-example', { points })}</p>
    </>
  );
}

const exampleTeams = 5;

function Places({ words, settings }: Props) {
  const { t } = words;
  const worth = (first: number, last = first) =>
    pointsText(words, pointsOfPlaces({ first, last }, exampleTeams, settings));
  const table = settings.placeTable?.map((points, i) =>
    t('course.rule-place-row', { place: i + 1, points: pointsText(words, points) }),
  );
  const places = Array.from({ length: exampleTeams }, (_, i) => worth(i + 1)).join(', ');
  return (
    <>
      <p>
        {table
          ? t('course.rule-place-table', { table: table.join(', ') })
          : t('course.rule-place-scale', { most: pointsText(words, settings.placePoints) })}
      </p>
      <p>{t(`course.rule-equal-${settings.equalBy}`)}</p>
      <p className="text-soft">
        {t('course.rule-place-example', { teams: exampleTeams, places, shared: worth(2, 3) })}
      </p>
      {!table && <p>{t('course.rule-place-one', { most: pointsText(words, settings.placePoints) })}</p>}
      <p>{t('course.rule-place-guests')}</p>
    </>
  );
}

function Defence({ words, settings, teamSize, pointsForMarks }: Props) {
  const { t } = words;
  return (
    <>
      <p>{t('course.rule-defence-text')}</p>
      <p className="text-soft">
        {t('course.rule-defence-example', { most: pointsText(words, mostProjectPoints(settings)) })}
      </p>
      {pointsForMarks !== null && <p>{t('course.rule-marks-text', { points: pointsText(words, pointsForMarks) })}</p>}
      {teamSize !== null && <p>{t('course.rule-team', { size: teamSize })}</p>}
    </>
  );
}

/** Of the rules before there is a homework. */
const inventedHomework: RuleHomework = {
  titleRu: 'Домашнее задание',
  titleEn: 'Homework',
  maxPoints: 20,
  softAt: new Date('2026-03-01T20:59:00Z'),
  hardAt: new Date('2026-03-15T20:59:00Z'),
};
