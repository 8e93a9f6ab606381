import { type BaselineModelSummary, listBaselineModels, modelsFolder, shippedModel } from '#lib/baseline-models.ts';
import type { BaselineRunView } from '#lib/db/baseline-runs.ts';
import { webEnv } from '#lib/env.ts';
import { isMessageKey } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip, type ChipLook } from '#ui/chip.tsx';
import { Select } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Desk } from '../desk.ts';
import { WorkProgress } from '../work-progress.tsx';
import { requestBaselineRun } from './actions.ts';
import { BaselineModels } from './models.tsx';

type Props = { desk: Desk; splits: readonly ('test' | 'dev')[]; runs: readonly BaselineRunView[] };

/** Models that can be run here, and how the last runs went. */
export async function BaselineRuns({ desk, splits, runs }: Props) {
  const { t } = desk;
  const models = await listBaselineModels(webEnv().home);
  const command = `rostrum baseline train --out ${modelsFolder(webEnv().home)}/first`;
  return (
    <Panel title={t('organise.baseline-run-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('organise.baseline-run-text')}</p>
      {models.length === 0 ? (
        <p className="max-w-prose">
          {t('organise.baseline-run-no-model')} <code className="code break-all">{command}</code>
        </p>
      ) : (
        <RunForm desk={desk} splits={splits} models={models} />
      )}
      {models.length > 0 && <BaselineModels desk={desk} models={models} />}
      {runs.length > 0 && (
        <ul className="mt-5 divide-y divide-rule border-y border-rule">
          {runs.map((run) => (
            <RunItem key={run.id} desk={desk} run={run} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type FormProps = Pick<Props, 'desk' | 'splits'> & { models: readonly BaselineModelSummary[] };

function RunForm({ desk, splits, models }: FormProps) {
  const { t, slug } = desk;
  return (
    <ActionForm action={requestBaselineRun.bind(null, slug)} className="space-y-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          name="model"
          label={t('organise.baseline-run-model')}
          options={models.map((model) => ({ value: model.name, label: labelOf(model, desk) }))}
        />
        <Select
          name="split"
          label={t('organise.baseline-split')}
          options={splits.map((split) => ({ value: split, label: t(`organise.baseline-split-${split}`) }))}
        />
        <Select
          name="decoding"
          label={t('organise.baseline-decoding')}
          options={decodings.map((value) => ({ value, label: t(`organise.baseline-decoding-${value}`) }))}
        />
      </div>
      <SubmitButton look="secondary" pending={t('organise.baseline-run-asking')}>
        {t('organise.baseline-run')}
      </SubmitButton>
    </ActionForm>
  );
}

export function isUnderWay(runs: readonly BaselineRunView[]): boolean {
  return runs.some(({ state }) => state === 'queued' || state === 'running');
}

function labelOf({ name, title, devWordErrorRate }: BaselineModelSummary, { t, formats }: Desk): string {
  const model = name === shippedModel ? t('organise.baseline-model-shipped', { title }) : name;
  if (devWordErrorRate === null) return model;
  return t('organise.baseline-model-figure', { model, wer: formats.percent(devWordErrorRate) });
}

/** The usual one first. */
const decodings = ['language-model', 'greedy'] as const;

const looks: Record<BaselineRunView['state'], ChipLook> = {
  queued: 'plain',
  running: 'accent',
  done: 'good',
  failed: 'bad',
};

function RunItem({ desk, run }: { desk: Desk; run: BaselineRunView }) {
  const { t, formats, print } = desk;
  const { state, model, split, decoding, done, total, seconds, backend, device, skipped, failure } = run;
  const sound = { done: formats.seconds(done), total: formats.seconds(total ?? 0) };
  const speed = seconds === null || total === null ? null : formats.number(Math.round(total / Math.max(0.1, seconds)));
  return (
    <li className="space-y-3 py-4">
      <p>
        <Chip look={looks[state]}>{t(`organise.import-${state}`)}</Chip> <code className="code break-all">{model}</code>{' '}
        {split}, {t(`organise.baseline-decoded-${decoding}`)}{' '}
        <span className="text-sm text-soft">{print(run.createdAt)}</span>
      </p>
      {state === 'running' && total !== null && (
        <WorkProgress
          desk={desk}
          label={t('organise.import-running')}
          text={t('organise.baseline-run-progress', sound)}
          {...{ done, total, seconds }}
        />
      )}
      {backend !== null && device !== null && (
        <p className="text-sm text-soft">
          {t('organise.baseline-run-device', { backend, device })}
          {state === 'done' && speed !== null && ` ${t('organise.baseline-run-speed', { speed, ...sound })}`}
        </p>
      )}
      {skipped.some(({ code }) => code !== 'not-installed') && <Skipped desk={desk} skipped={skipped} />}
      {failure !== null && <Notice kind="error">{failureOf(failure, desk)}</Notice>}
      {state === 'failed' && (
        <ActionForm action={requestBaselineRun.bind(null, desk.slug)}>
          <input type="hidden" name="model" value={model} />
          <input type="hidden" name="split" value={split} />
          <input type="hidden" name="decoding" value={decoding} />
          <SubmitButton
            look="secondary"
            size="small"
            pending={t('organise.baseline-run-asking')}
            aria-label={`${t('console.repeat')}: ${model}, ${split}`}
          >
            {t('console.repeat')}
          </SubmitButton>
        </ActionForm>
      )}
    </li>
  );
}

/** Why no faster device was used. That a package is not there is no news: most machines have none of them. */
function Skipped({ desk: { t }, skipped }: { desk: Desk; skipped: BaselineRunView['skipped'] }) {
  return (
    <ul className="list-disc pl-5 text-sm text-soft">
      {skipped
        .filter(({ code }) => code !== 'not-installed')
        .map(({ backend, code, details }) => {
          const key = `baseline.rung-${code}`;
          const reason = isMessageKey(key) ? t(key, { details: details || 'none' }) : code;
          return <li key={backend}>{t('baseline.rung-skipped', { backend, reason })}</li>;
        })}
    </ul>
  );
}

function failureOf(failure: string, { t }: Desk): string {
  const key = `organise.baseline-run-failure-${failure}`;
  return isMessageKey(key) ? t(key) : failure;
}
