import { getDatabaseBytes, listWorkers, type WorkerOverview } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { freshSeconds } from '#lib/db/workers.ts';
import { isDiskLow } from '#lib/disk-space.ts';
import { Chip } from '#ui/chip.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../staff.ts';

/** Who scores, whether they live, and how much room they have left. */
export async function MachinesPanel({ desk }: { desk: StaffDesk }) {
  const { t, formats } = desk;
  const workers = await listWorkers(webDatabase());
  const alive = workers.filter(({ seenSecondsAgo }) => seenSecondsAgo <= freshSeconds);
  const isLow = alive.some(({ disk }) => disk !== null && isDiskLow(disk));
  const database = formats.bytes(await getDatabaseBytes(webDatabase()));
  return (
    <Panel title={t('organise.workers')} className="space-y-4">
      {alive.length === 0 && (
        <Notice kind="error">{workers.length === 0 ? t('organise.workers-none') : t('organise.workers-silent')}</Notice>
      )}
      {isLow && (
        <Notice kind="warning" title={t('console.disk-low')}>
          {t('console.disk-low-text')}
        </Notice>
      )}
      <ul className="space-y-2">
        {workers.map((worker) => (
          <Worker key={worker.process} desk={desk} worker={worker} />
        ))}
      </ul>
      <p className="text-sm text-soft">{t('console.database-size', { size: database })}</p>
    </Panel>
  );
}

function Worker({ desk: { t, formats }, worker }: { desk: StaffDesk; worker: WorkerOverview }) {
  const { process, seenSecondsAgo, disk } = worker;
  const isAlive = seenSecondsAgo <= freshSeconds;
  return (
    <li>
      <code className="code">{process}</code>{' '}
      <Chip look={isAlive ? 'good' : 'bad'}>
        {t(isAlive ? 'organise.worker-alive' : 'organise.worker-silent', { seconds: seenSecondsAgo })}
      </Chip>{' '}
      {disk !== null && (
        <span className="text-sm text-soft">
          {t('console.disk', { free: formats.bytes(disk.freeBytes), all: formats.bytes(disk.bytes) })}
        </span>
      )}
    </li>
  );
}
