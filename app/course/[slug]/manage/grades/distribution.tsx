import { histogramOf } from '#lib/course/difference.ts';
import { mostProjectPoints } from '#lib/course/settings.ts';
import { countGrades, type Sheet } from '#lib/course/sheet.ts';
import { Panel } from '#ui/panel.tsx';
import { pointsText, type Words } from '../../../points.ts';

const picture = { width: 640, height: 220, left: 8, bottom: 28, top: 44 };

/** How totals lie between 0 and what can be reached, with the thresholds of grades; the same in words below. */
export function Distribution({ words, sheet }: { words: Words; sheet: Sheet }) {
  const { t } = words;
  const { thresholds } = sheet.settings;
  const most = sheet.homeworks.reduce((sum, { maxPoints }) => sum + maxPoints, mostProjectPoints(sheet.settings));
  const parts = histogramOf(
    sheet.rows.map(({ total }) => total),
    most,
  );
  const end = parts.at(-1)!.to;
  const highest = Math.max(1, ...parts.map(({ count }) => count));
  const x = (points: number) => picture.left + (points / end) * (picture.width - 2 * picture.left);
  const floor = picture.height - picture.bottom;
  const y = (count: number) => floor - (count / highest) * (floor - picture.top);
  const grades = countGrades(sheet.rows);
  return (
    <Panel title={t('course.distribution')}>
      <div className="overflow-x-auto">
        <svg
          viewBox={`0 0 ${picture.width} ${picture.height}`}
          role="img"
          aria-labelledby="distribution-title distribution-text"
          className="h-auto w-full min-w-[30rem] max-w-3xl text-[12px] tabular-nums"
          fill="var(--soft)"
        >
          <title id="distribution-title">{t('course.distribution')}</title>
          <desc id="distribution-text">{t('course.distribution-text')}</desc>
          {parts.map(({ from, to, count }) => (
            <g key={from}>
              <rect
                x={x(from) + 1}
                y={y(count)}
                width={x(to) - x(from) - 2}
                height={floor - y(count)}
                fill="var(--accent)"
              />
              {count > 0 && (
                <text x={(x(from) + x(to)) / 2} y={y(count) - 5} textAnchor="middle" fill="var(--ink)">
                  {count}
                </text>
              )}
            </g>
          ))}
          <line x1={x(0)} x2={x(end)} y1={floor} y2={floor} stroke="var(--line)" />
          {([3, 4, 5] as const).map((grade) => (
            <Threshold key={grade} x={x(thresholds[grade])} floor={floor}>
              {t('course.distribution-from', { grade, points: pointsText(words, thresholds[grade]) })}
            </Threshold>
          ))}
          {parts.map(({ from }) => (
            <text key={from} x={x(from)} y={floor + 18} textAnchor={from === 0 ? 'start' : 'middle'}>
              {pointsText(words, from)}
            </text>
          ))}
        </svg>
      </div>
      <p className="mt-3">
        {t('course.distribution-counts', { five: grades[5], four: grades[4], three: grades[3], two: grades[2] })}
      </p>
    </Panel>
  );
}

function Threshold({ x, floor, children }: { x: number; floor: number; children: string }) {
  return (
    <g>
      <line x1={x} x2={x} y1={18} y2={floor} stroke="var(--ink)" strokeDasharray="3 3" />
      <text x={x + 3} y={12} fill="var(--ink)">
        {children}
      </text>
    </g>
  );
}
