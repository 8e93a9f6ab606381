import { isOpen, windows } from '#lib/competition.ts';
import type { MessageKey } from '#lib/messages/translate.ts';
import { Chip } from '#ui/chip.tsx';
import { Instant } from '#ui/instant.tsx';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../visit.ts';

type Row = { key: MessageKey; start: Date; end: Date | null; isWindow: boolean };

/** Every window and instant of the competition, in the order of their starts. */
export function Timeline({ visit }: { visit: Visit }) {
  const { t, formats, language, competition, now } = visit;
  const { timeZone } = competition;
  const zone = formats.zone(now, timeZone);
  return (
    <section>
      <h3 className="mb-4 text-xl font-semibold tracking-tight">{t('competition.timeline')}</h3>
      <Table
        caption={t('competition.timeline-caption', { zone: zone === timeZone ? zone : `${zone} (${timeZone})` })}
        columns={[
          { label: t('competition.timeline-what') },
          { label: t('competition.timeline-from') },
          { label: t('competition.timeline-until') },
        ]}
      >
        {rowsOf(visit).map((row) => (
          <tr key={row.key}>
            <th scope="row">
              <span className="mr-2">{t(row.key)}</span> <State visit={visit} row={row} />
            </th>
            <td>
              <Instant at={row.start} timeZone={timeZone} language={language} size="short" />
            </td>
            <td>
              {row.end && <Instant at={row.end} timeZone={timeZone} language={language} size="short" />}
              {row.isWindow && !row.end && t('competition.timeline-forever')}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function rowsOf({ competition: c }: Visit): Row[] {
  const rows: Row[] = Object.entries(windows(c)).map(([name, { start, end }]) => ({
    key: `competition.window-${name as keyof ReturnType<typeof windows>}`,
    start,
    end,
    isWindow: true,
  }));
  const instants = [
    ['competition.instant-freeze', c.freezesAt],
    ['competition.instant-defence', c.defenceAt],
    ['competition.instant-reveal', c.revealsAt],
    ['competition.instant-grades', c.gradesPublishedAt],
  ] as const;
  for (const [key, start] of instants) {
    if (start !== null) rows.push({ key, start, end: null, isWindow: false });
  }
  return rows.sort((a, b) => a.start.getTime() - b.start.getTime());
}

function State({ visit: { t, now }, row }: { visit: Visit; row: Row }) {
  if (now < row.start) return <Chip>{t('competition.timeline-ahead')}</Chip>;
  if (row.isWindow && isOpen(row, now)) return <Chip look="good">{t('competition.timeline-open')}</Chip>;
  return <Chip>{t('competition.timeline-over')}</Chip>;
}
