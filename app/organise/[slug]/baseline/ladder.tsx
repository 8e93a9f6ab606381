import type { BaselineRunView } from '#lib/db/baseline-runs.ts';
import type { SkippedRung, UsableRung, WorkerRuntime } from '#lib/db/schema.ts';
import type { listRuntimes } from '#lib/db/workers.ts';
import { isMessageKey } from '#lib/messages/translate.ts';
import { Chip } from '#ui/chip.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import type { Desk } from '../desk.ts';

type Workers = Awaited<ReturnType<typeof listRuntimes>>;
type LadderProps = { desk: Desk; workers: Workers; runs: readonly BaselineRunView[] };

/** What the workers compute on: each rung of the runtime ladder, with what it did or why it is not used. */
export function BaselineLadder({ desk, workers, runs }: LadderProps) {
  const { t } = desk;
  return (
    <Panel title={t('baseline.ladder-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('baseline.ladder-text')}</p>
      {workers.length === 0 && <p>{t('baseline.ladder-no-worker')}</p>}
      {workers.map(({ process, runtime }) => (
        <div key={process} className="mb-5">
          {runtime === null ? (
            <p>{t('baseline.ladder-unknown', { worker: process })}</p>
          ) : (
            <Ladder desk={desk} worker={process} runtime={runtime} runs={runs} />
          )}
        </div>
      ))}
    </Panel>
  );
}

type OneProps = { desk: Desk; worker: string; runtime: WorkerRuntime; runs: readonly BaselineRunView[] };

function Ladder({ desk, worker, runtime, runs }: OneProps) {
  const { t } = desk;
  const used = usedRung(runtime);
  const columns = [
    { label: t('baseline.ladder-rung') },
    { label: t('baseline.ladder-state') },
    { label: t('baseline.ladder-speed'), look: 'number' },
    { label: t('baseline.ladder-work') },
  ];
  return (
    <>
      <Table caption={t('baseline.ladder-of', { worker })} columns={columns}>
        {runtime.rungs.map((rung) => (
          <Rung key={rung.backend} desk={desk} rung={rung} used={used} runs={runs} />
        ))}
      </Table>
      {used !== null && <p className="mt-3 max-w-prose text-sm text-soft">{bootstrapSentence(used, desk)}</p>}
    </>
  );
}

type RungProps = {
  desk: Desk;
  rung: SkippedRung | UsableRung;
  used: UsableRung | null;
  runs: readonly BaselineRunView[];
};

function Rung({ desk, rung, used, runs }: RungProps) {
  const { t } = desk;
  const isUsed = rung.backend === used?.backend;
  const ran = runs.filter(({ backend }) => backend === rung.backend).length;
  const work = [
    ...(ran > 0 ? [t('baseline.ladder-runs', { count: ran, of: runs.length })] : []),
    ...(isUsed && used !== null && resamples(used) ? [t('baseline.ladder-bootstrap')] : []),
  ];
  return (
    <tr>
      <th scope="row">
        <code className="code">{rung.backend}</code>
      </th>
      <td className="min-w-56">
        <Chip look={isUsed ? 'good' : 'plain'}>{t(`baseline.ladder-${stateOf(rung, isUsed)}`)}</Chip>{' '}
        {isUsable(rung) ? deviceOf(rung, desk) : reasonOf(rung, desk)}
      </td>
      <td className="number whitespace-nowrap">
        {isUsable(rung) ? t('baseline.ladder-gigaflops', { speed: rounded(rung.gigaflops) }) : '—'}
      </td>
      <td>{work.join(', ') || '—'}</td>
    </tr>
  );
}

function isUsable(rung: SkippedRung | UsableRung): rung is UsableRung {
  return 'device' in rung;
}

function stateOf(rung: SkippedRung | UsableRung, isUsed: boolean): 'used' | 'spare' | 'refused' {
  if (isUsed) return 'used';
  return isUsable(rung) ? 'spare' : 'refused';
}

/** The one that ROSTRUM_BACKEND asks for, else the first that works. */
function usedRung({ wanted, rungs }: WorkerRuntime): UsableRung | null {
  return rungs.filter(isUsable).find(({ backend }) => backend === (wanted ?? backend)) ?? null;
}

function deviceOf({ device, isGpu }: UsableRung, { t }: Desk): string {
  return t(isGpu ? 'baseline.ladder-gpu' : 'baseline.ladder-cpu', { device });
}

function reasonOf({ code, details }: SkippedRung, { t }: Desk): string {
  const key = `baseline.rung-${code}`;
  return isMessageKey(key) ? t(key, { details: details || 'none' }) : code;
}

/** To two digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

/** WebAssembly never does: the kernel is WebAssembly too, and counts in whole numbers. */
function resamples({ backend, bootstrapRatio }: UsableRung): boolean {
  return backend !== 'wasm' && bootstrapRatio > 1;
}

function bootstrapSentence(used: UsableRung, { t }: Desk): string {
  const { backend, bootstrapRatio: ratio } = used;
  return resamples(used)
    ? t('baseline.ladder-bootstrap-rung', { backend, times: rounded(ratio) })
    : t('baseline.ladder-bootstrap-kernel', { backend, times: rounded(1 / ratio) });
}
