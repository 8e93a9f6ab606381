import type { HomeworkItem, ProjectItem, Sheet, SheetRow } from '#lib/course/sheet.ts';
import type { Language } from '#lib/messages/language.ts';
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

/** One student's points, each with how it came about, and what they add up to. */
export function SheetTable({ words, sheet, row }: Props) {
  const { t } = words;
  return (
    <Table
      caption={t('course.sheet-caption')}
      columns={[
        { label: t('course.column-what') },
        { label: t('course.column-how') },
        { label: t('course.column-points'), look: 'number' },
      ]}
    >
      {row.homework.map((item, i) => (
        <HomeworkLine key={item.homeworkId} words={words} sheet={sheet} item={item} number={i + 1} />
      ))}
      {row.project === null ? <NoProject words={words} /> : <ProjectLines words={words} project={row.project} />}
      <tr className="font-semibold">
        <th scope="row" colSpan={2}>
          {t('course.total')}
        </th>
        <td className="number text-lg">{pointsText(words, row.total)}</td>
      </tr>
      {sheet.isComplete && (
        <tr className="font-semibold">
          <th scope="row" colSpan={2}>
            {t('course.grade')}
          </th>
          <td className="number text-lg">{row.grade}</td>
        </tr>
      )}
    </Table>
  );
}

type HomeworkProps = Omit<Props, 'row'> & { item: HomeworkItem; number: number };

function HomeworkLine({ words, sheet, item, number }: HomeworkProps) {
  const { t, formats, language } = words;
  const homework = sheet.homeworks.find(({ id }) => id === item.homeworkId);
  const title = homework && (language === 'ru' ? homework.titleRu : homework.titleEn);
  const print = (iso: string) => formats.shortInstant(new Date(iso), sheet.timeZone);
  return (
    <tr>
      <th scope="row" className="min-w-40 font-normal">
        <span className="font-medium">{title ?? t('course.homework-number', { number })}</span>
        <span className="block text-sm text-soft">
          {t('course.until', { at: print(item.softAt) })}{' '}
          {item.isExtended && <Chip look="accent">{t('course.extended')}</Chip>}
        </span>
      </th>
      <td className="min-w-48">
        {homeworkSentence(words, item.why)}
        {item.handedInAt !== null && item.marked !== null && (
          <span className="block text-sm text-soft">
            {t('course.marked', { points: pointsText(words, item.marked), at: print(item.handedInAt) })}
          </span>
        )}
      </td>
      <td className="number whitespace-nowrap">
        {t('course.of', { points: pointsText(words, item.points), most: pointsText(words, homework?.maxPoints ?? 0) })}
      </td>
    </tr>
  );
}

function NoProject({ words: { t } }: Pick<Props, 'words'>) {
  return (
    <tr>
      <th scope="row" className="font-medium">
        {t('course.project')}
      </th>
      <td>{t('course.project-later')}</td>
      <td className="number">—</td>
    </tr>
  );
}

/** What was earned stands there even where the gate is shut: so that it is clear what an absence costs. */
function ProjectLines({ words, project }: Pick<Props, 'words'> & { project: ProjectItem }) {
  const { t } = words;
  const { baseline, place, marks, attendance, points } = project;
  const isShut = points === 0 && baseline.points + place.points + (marks ?? 0) > 0;
  const lines = [
    { label: t('course.project-baseline'), how: baselineSentence(words, baseline.why), points: baseline.points },
    { label: t('course.project-place'), how: placeSentence(words, place.why), points: place.points },
    ...(marks === null
      ? []
      : [{ label: t('course.project-marks'), how: t('course.project-marks-how'), points: marks }]),
  ];
  return (
    <>
      {lines.map((line) => (
        <tr key={line.label}>
          <th scope="row" className="font-medium">
            {line.label}
          </th>
          <td>{line.how}</td>
          <td className="number">
            {isShut ? (
              <>
                <s className="text-soft">{pointsText(words, line.points)}</s> 0
              </>
            ) : (
              pointsText(words, line.points)
            )}
          </td>
        </tr>
      ))}
      <tr>
        <th scope="row" className="font-medium">
          {t('course.project-defence')}
        </th>
        <td>{attendanceSentence(words, attendance)}</td>
        <td className="number text-soft">{isShut ? t('course.gate-shut') : ''}</td>
      </tr>
    </>
  );
}
