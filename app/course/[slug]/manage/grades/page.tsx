import type { Metadata } from 'next';
import Link from 'next/link';
import { changesOf, type SheetChange } from '#lib/course/difference.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { type CourseStudent, listStudents } from '#lib/db/course-roster.ts';
import { findPublished, getPublishedSheet, listPublished, previewSheet } from '#lib/db/course-sheets.ts';
import { webDatabase } from '#lib/db/web.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { DocsLink } from '../../../../docs/docs-link.tsx';
import { pageLanguage } from '../../../../language.ts';
import { pointsText } from '../../../points.ts';
import { type CourseDesk, courseDesk } from '../desk.ts';
import { Distribution } from './distribution.tsx';
import { GradeTable } from './grade-table.tsx';
import { Publish } from './publish.tsx';
import { Shortlist } from './shortlist.tsx';

type Props = { params: Promise<{ slug: string }> };
export type Students = ReadonlyMap<string, CourseStudent>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.manage-grades') };
}

/** The sheet as it stands, what publishing it would change, and what was published before. */
export default async function GradesPage({ params }: Props) {
  const d = await courseDesk((await params).slug);
  const { t, course, role } = d;
  const preview = await previewSheet(webDatabase(), course);
  const students: Students = new Map((await listStudents(webDatabase(), course.id)).map((one) => [one.id, one]));
  const published = await findPublished(webDatabase(), course.id);
  const before = published && (await getPublishedSheet(webDatabase(), course.id, published.version));
  const changes = changesOf(before?.rows ?? [], preview.sheet.rows);
  return (
    <>
      <PageTitle level={2} lead={t('course.grades-lead')}>
        {t('course.manage-grades')}
      </PageTitle>
      {students.size === 0 ? (
        <EmptyState title={t('course.roster-empty')} />
      ) : (
        <div className="space-y-6">
          {!preview.sheet.isComplete && <Notice>{t('course.grades-so-far')}</Notice>}
          <Changes desk={d} changes={changes} students={students} isFirst={published === null} />
          {role === 'organiser' && (published === null || changes.length > 0) && (
            <Publish desk={d} digest={preview.digest} isFirst={published === null} />
          )}
          {course.competitionId !== null && <AttendanceLink desk={d} competitionId={course.competitionId} />}
          <GradeTable desk={d} sheet={preview.sheet} students={students} />
          {role === 'organiser' && <Exports desk={d} />}
          <Distribution words={d} sheet={preview.sheet} />
          {role === 'organiser' && <Shortlist desk={d} sheet={preview.sheet} students={students} />}
          {published && <Versions desk={d} />}
        </div>
      )}
      <div className="mt-8">
        <DocsLink to="organisers/course" />
      </div>
    </>
  );
}

/** Who was there is recorded where the defence is run. */
async function AttendanceLink({ desk: { t }, competitionId }: { desk: CourseDesk; competitionId: string }) {
  const { slug } = await getCompetitionById(webDatabase(), competitionId);
  return (
    <p>
      <Link href={`/organise/${slug}/defence/attendance`} prefetch={false} className="link">
        {t('course.attendance-link')}
      </Link>
    </p>
  );
}

type ChangesProps = { desk: CourseDesk; changes: readonly SheetChange[]; students: Students; isFirst: boolean };

function Changes({ desk: d, changes, students, isFirst }: ChangesProps) {
  const { t } = d;
  if (isFirst) return <Notice>{t('course.never-published')}</Notice>;
  if (changes.length === 0) return <Notice kind="success">{t('course.published-stands')}</Notice>;
  return (
    <Notice kind="warning" title={t('course.changes', { count: changes.length })}>
      <ul>
        {changes.slice(0, 20).map(({ studentId, from, to }) => (
          <li key={studentId}>
            {students.get(studentId)?.name ?? '—'}: {from === null ? '—' : pointsText(d, from)} → {pointsText(d, to)}
          </li>
        ))}
      </ul>
      {changes.length > 20 && <p>{t('course.changes-more', { count: changes.length - 20 })}</p>}
    </Notice>
  );
}

function Exports({ desk: d }: { desk: CourseDesk }) {
  const { t } = d;
  return (
    <p className="flex flex-wrap gap-x-4">
      <span>{t('course.export-now')}:</span>
      <Downloads desk={d} label={t('course.export-now')} query="" />
    </p>
  );
}

function Downloads({ desk: { slug }, label, query }: { desk: CourseDesk; label: string; query: string }) {
  return ['csv', 'xlsx'].map((kind) => (
    <a
      key={kind}
      href={`/course/${slug}/manage/export/sheet.${kind}${query}`}
      download
      className="link"
      aria-label={`${label}: ${kind.toUpperCase()}`}
    >
      {kind.toUpperCase()}
    </a>
  ));
}

async function Versions({ desk: d }: { desk: CourseDesk }) {
  const { t, print, course, role } = d;
  const versions = await listPublished(webDatabase(), course.id);
  return (
    <Panel title={t('course.versions')}>
      <Table
        caption={t('course.versions-caption')}
        columns={[
          { label: t('course.column-version'), look: 'number' },
          { label: t('course.column-published') },
          { label: t('course.column-reason') },
          ...(role === 'organiser' ? [{ label: t('course.exports') }] : []),
        ]}
      >
        {versions.map(({ version, publishedAt, reason }) => (
          <tr key={version}>
            <td className="number">{version}</td>
            <td className="whitespace-nowrap">{print(publishedAt)}</td>
            <td className="w-full">{reason || '—'}</td>
            {role === 'organiser' && (
              <td className="whitespace-nowrap">
                <span className="flex gap-x-4">
                  <Downloads desk={d} label={t('course.export-published', { version })} query={`?version=${version}`} />
                </span>
              </td>
            )}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
