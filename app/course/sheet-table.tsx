import type { ReactNode } from 'react';
import type { HomeworkItem, ProjectItem, Sheet, SheetRow } from '#lib/course/sheet.ts';
import type { Language } from '#lib/messages/language.ts';
import { titleIn } from '#lib/news.ts';
import { Chip } from '#ui/chip.tsx';
import { Table } from '#ui/table.tsx';
import {
  attendanceSentence,
  baselineSentence,
  homeworkSentence,
  placeSentence,
  pointsText,
  type Words,
} from './points.ts';

type Props = { words: Words & { language: Language }; sheet: Omit<Sheet, 'rows'>; row: SheetRow };

/** One student's points, each with how it came about below its name, and what they add up to. */
export function SheetTable({ words, sheet, row }: Props) {
  const { t } = words;
  return (
    <div className="max-w-3xl">
      <Table
        caption={t('course.sheet-caption')}
        columns={[{ label: t('course.column-what') }, { label: t('course.column-points'), look: 'number' }]}
      >
        {row.homework.map((item, i) => (
          <HomeworkLine key={item.homeworkId} words={words} sheet={sheet} item={item} number={i + 1} />
        ))}
        {row.project === null ? (
          <Line name={t('course.project')} how={t('course.project-later')} points="—" />
        ) : (
          <ProjectLines words={words} project={row.project} />
        )}
        <SumLine name={t('course.total')} figure={pointsText(words, row.total)} />
        {sheet.isComplete && <SumLine name={t('course.grade')} figure={String(row.grade)} />}
      </Table>
    </div>
  );
}

type LineProps = { name: ReactNode; how: string; note?: ReactNode; points: ReactNode };

function Line({ name, how, note, points }: LineProps) {
  return (
    <tr>
      <th scope="row" className="w-full font-normal">
        <span className="font-medium">{name}</span>
        <span className="block">{how}</span>
        {note && <span className="block text-sm text-soft">{note}</span>}
      </th>
      <td className="number whitespace-nowrap">{points}</td>
    </tr>
  );
}

function SumLine({ name, figure }: { name: string; figure: string }) {
  return (
    <tr className="text-lg font-semibold">
      <th scope="row">{name}</th>
      <td className="number">{figure}</td>
    </tr>
  );
}

type HomeworkProps = Omit<Props, 'row'> & { item: HomeworkItem; number: number };

function HomeworkLine({ words, sheet, item, number }: HomeworkProps) {
  const { t, formats, language } = words;
  const homework = sheet.homeworks.find(({ id }) => id === item.homeworkId);
  const title = homework && titleIn(homework, language);
  const print = (iso: string) => formats.shortInstant(new Date(iso), sheet.timeZone);
  const note = (
    <>
      {item.handedInAt !== null && item.marked !== null && (
        <>{t('course.marked', { points: pointsText(words, item.marked), at: print(item.handedInAt) })}; </>
      )}
      {t('course.until', { at: print(item.softAt) })}{' '}
      {item.isExtended && <Chip look="accent">{t('course.extended')}</Chip>}
    </>
  );
  const points = { points: pointsText(words, item.points), most: pointsText(words, homework?.maxPoints ?? 0) };
  return (
    <Line
      name={title ?? t('course.homework-number', { number })}
      how={homeworkSentence(words, item.why)}
      note={note}
      points={t('course.of', points)}
    />
  );
}

/** What was earned stands there even where the gate is shut: so that it is clear what an absence costs. */
function ProjectLines({ words, project }: Pick<Props, 'words'> & { project: ProjectItem }) {
  const { t } = words;
  const { baseline, place, marks, attendance, points } = project;
  const isShut = points === 0 && baseline.points + place.points + (marks ?? 0) > 0;
  const figure = (earned: number) =>
    isShut ? (
      <>
        <s className="text-soft">{pointsText(words, earned)}</s> 0
      </>
    ) : (
      pointsText(words, earned)
    );
  return (
    <>
      <Line
        name={t('course.project-baseline')}
        how={baselineSentence(words, baseline.why)}
        points={figure(baseline.points)}
      />
      <Line name={t('course.project-place')} how={placeSentence(words, place.why)} points={figure(place.points)} />
      {marks !== null && (
        <Line name={t('course.project-marks')} how={t('course.project-marks-how')} points={figure(marks)} />
      )}
      <Line
        name={t('course.project-defence')}
        how={attendanceSentence(words, attendance)}
        points={isShut ? t('course.gate-shut') : ''}
      />
    </>
  );
}
