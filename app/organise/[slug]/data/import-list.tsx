import type { ImportView } from '#lib/db/imports.ts';
import type { ImportReport } from '#lib/import-report.ts';
import { isMessageKey } from '#lib/messages/translate.ts';
import { sentenceOf } from '#lib/problems.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip, type ChipLook } from '#ui/chip.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { Problems, problemsTexts } from '#ui/problems.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Desk } from '../desk.ts';
import { Refresher } from '../refresher.tsx';
import { WorkProgress } from '../work-progress.tsx';
import { requestImport } from './actions.ts';

type Props = { desk: Desk; imports: readonly ImportView[] };

const looks: Record<ImportView['state'], ChipLook> = {
  queued: 'plain',
  running: 'accent',
  done: 'good',
  failed: 'bad',
};

/** The last imports, watched while one is under way. */
export function ImportList({ desk, imports }: Props) {
  const { t } = desk;
  if (imports.length === 0) return null;
  const isUnderWay = imports.some(({ state }) => state === 'queued' || state === 'running');
  return (
    <Panel title={t('organise.imports')}>
      {isUnderWay && <Refresher seconds={2} />}
      <ul className="divide-y divide-rule border-y border-rule">
        {imports.map((item, i) => (
          <ImportItem key={item.id} desk={desk} item={item} isNewest={i === 0} />
        ))}
      </ul>
    </Panel>
  );
}

function ImportItem({ desk, item, isNewest }: { desk: Desk; item: ImportView; isNewest: boolean }) {
  const { t, print } = desk;
  return (
    <li className="space-y-3 py-4">
      <p>
        <Chip look={looks[item.state]}>{t(`organise.import-${item.state}`)}</Chip>{' '}
        <code className="code break-all">{item.path}</code>{' '}
        <span className="text-sm text-soft">{print(item.createdAt)}</span>
      </p>
      {item.state === 'running' && <Progress desk={desk} item={item} />}
      {item.failure !== null && <Notice kind="error">{failureOf(item.failure, desk)}</Notice>}
      {item.problems.length > 0 && (
        <details open={isNewest}>
          <summary className="mb-3 w-fit font-medium">
            {t('organise.import-problems', { count: item.problems.length })}
          </summary>
          <Problems
            problems={item.problems.map((problem) => ({ ...problem, sentence: sentenceOf(problem, t) }))}
            texts={problemsTexts(t)}
          />
        </details>
      )}
      {item.state === 'failed' && item.uploadId === null && <Repeat desk={desk} item={item} />}
      {item.report !== null && <Report desk={desk} report={item.report} isNewest={isNewest} />}
    </li>
  );
}

/** The same once more: it goes on where it broke off. An archive's file is gone, and has to be sent again. */
function Repeat({ desk: { t, slug }, item: { path, options } }: { desk: Desk; item: ImportView }) {
  return (
    <ActionForm action={requestImport.bind(null, slug)}>
      <input type="hidden" name="path" value={path} />
      {(['format', 'split', 'speakerKey', 'groupKey'] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={String(options[name] ?? '')} />
      ))}
      <SubmitButton
        look="secondary"
        size="small"
        pending={t('organise.importing')}
        aria-label={`${t('console.repeat')}: ${path}`}
      >
        {t('console.repeat')}
      </SubmitButton>
    </ActionForm>
  );
}

function Report({ desk, report, isNewest }: { desk: Desk; report: ImportReport; isNewest: boolean }) {
  const { t, formats } = desk;
  const { sizes, kept, copied, warnings } = report;
  const parts = sizes.map(({ split, utterances, seconds }) =>
    t('organise.import-split-size', { split, utterances, time: formats.seconds(seconds) }),
  );
  return (
    <>
      <p className="text-sm text-soft">
        {parts.join('; ')}. {t('organise.import-copied', { kept, copied })}
      </p>
      {warnings.length > 0 && (
        <details open={isNewest}>
          <summary className="mb-2 w-fit font-medium">
            {t('organise.import-warnings', { count: warnings.length })}
          </summary>
          <ul className="max-w-prose list-disc space-y-1.5 pl-5">
            {warnings.map((warning) => (
              <li key={`${warning.file} ${warning.code}`} className="break-words">
                {sentenceOf(warning, t)}
                {warning.line > 0 && (
                  <span className="text-sm text-soft">
                    {' '}
                    ({t('organise.import-warning-place', { file: warning.file, line: warning.line })})
                  </span>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Progress({ desk, item: { done, total, seconds } }: { desk: Desk; item: ImportView }) {
  if (total === null) return null;
  const { t } = desk;
  const text = t('organise.import-progress', { done, total });
  return <WorkProgress desk={desk} label={t('organise.import-running')} {...{ text, done, total, seconds }} />;
}

function failureOf(failure: string, { t }: Desk): string {
  const key = `organise.import-failure-${failure}`;
  return isMessageKey(key) ? t(key) : failure;
}
