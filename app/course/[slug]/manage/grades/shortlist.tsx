import { type Sheet, shortlistOf } from '#lib/course/sheet.ts';
import { listConsents } from '#lib/db/shortlist.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { pointsText } from '../../../points.ts';
import type { CourseDesk } from '../desk.ts';
import type { Students } from './page.tsx';

type Props = { desk: CourseDesk; sheet: Sheet; students: Students };

/** The best of those who agreed to be asked, with the contact that they gave. */
export async function Shortlist({ desk: d, sheet, students }: Props) {
  const { t, course } = d;
  const { shortlistSize } = course.settings;
  const consents = await listConsents(webDatabase(), course.id);
  const best = shortlistOf(sheet.rows, new Set(consents.keys()), shortlistSize);
  const facts = { size: shortlistSize, agreed: consents.size, all: sheet.rows.length };
  return (
    <Panel title={t('course.shortlist')} aside={t('course.shortlist-facts', facts)}>
      {best.length === 0 ? (
        <p className="text-soft">{t('course.shortlist-none')}</p>
      ) : (
        <Table
          caption={t('course.shortlist-caption')}
          columns={[
            { label: t('course.column-name') },
            { label: t('course.total'), look: 'number' },
            { label: t('course.contact') },
          ]}
        >
          {best.map(({ studentId, total }) => (
            <tr key={studentId}>
              <th scope="row" className="whitespace-nowrap">
                {students.get(studentId)?.name ?? '—'}
              </th>
              <td className="number">{pointsText(d, total)}</td>
              <td className="w-full break-all">{consents.get(studentId)?.contact}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
