import type { Metadata } from 'next';
import { archiveLimits } from '#lib/archive-uploads.ts';
import { manifestFormats } from '#lib/datasets/manifest.ts';
import { listImports } from '#lib/db/imports.ts';
import { type SplitSummary, sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Desk, desk } from '../desk.ts';
import { requestImport } from './actions.ts';
import { ArchiveForm } from './archive-form.tsx';
import { ImportList } from './import-list.tsx';
import { PowerPanel } from './power-panel.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.data') };
}

/** What is imported, the form that asks for more, and how the last imports went. */
export default async function DataPage({ params }: Props) {
  const d = await desk((await params).slug);
  const { t, competition: c } = d;
  const summaries = await sumSplits(webDatabase(), c.id);
  const imports = await listImports(webDatabase(), c.id);
  return (
    <>
      <PageTitle>{t('console.data')}</PageTitle>
      <div className="space-y-6">
        <Panel title={t('organise.data-title')}>
          {summaries.length === 0 ? (
            <p className="text-soft">{t('organise.data-none')}</p>
          ) : (
            <Splits desk={d} summaries={summaries} />
          )}
          {c.labelVersion > 0 && (
            <p className="mt-3 text-sm text-soft">
              {t('organise.data-labels', { version: c.labelVersion, unit: t(`organise.unit-${c.unit}`) })}
            </p>
          )}
        </Panel>
        <PowerPanel desk={d} />
        <ArchiveImport desk={d} />
        <ImportForm desk={d} />
        <ImportList desk={d} imports={imports} />
      </div>
    </>
  );
}

function Splits({ desk: { t, formats }, summaries }: { desk: Desk; summaries: readonly SplitSummary[] }) {
  return (
    <Table
      caption={t('organise.data-caption')}
      columns={[
        { label: t('organise.data-split') },
        { label: t('data.recordings'), look: 'number' },
        { label: t('data.duration'), look: 'number' },
        { label: t('data.size'), look: 'number' },
      ]}
    >
      {summaries.map(({ split, utterances, seconds, bytes }) => (
        <tr key={split}>
          <th scope="row">{split}</th>
          <td className="number">{formats.number(utterances)}</td>
          <td className="number">{formats.seconds(seconds)}</td>
          <td className="number">{formats.bytes(bytes)}</td>
        </tr>
      ))}
    </Table>
  );
}

function ArchiveImport({ desk }: { desk: Desk }) {
  const { t, slug, language } = desk;
  return (
    <Panel title={t('archive.title')}>
      <p className="mb-4 max-w-prose text-soft">{t('archive.text')}</p>
      <noscript>
        <p className="mb-4 max-w-prose">{t('archive.without-script')}</p>
      </noscript>
      <ArchiveForm
        slug={slug}
        language={language}
        messages={messagesOf('archive', language)}
        mostBytes={archiveLimits.bytes}
      >
        <ImportFields desk={desk} />
      </ArchiveForm>
    </Panel>
  );
}

function ImportForm({ desk }: { desk: Desk }) {
  const { t, slug } = desk;
  return (
    <Panel title={t('organise.import-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('organise.import-text', { folder: webEnv().importFolder })}</p>
      <ActionForm action={requestImport.bind(null, slug)} className="space-y-5">
        <Field
          name="path"
          label={t('organise.import-path')}
          hint={t('organise.import-path-hint')}
          required
          maxLength={1000}
          autoCapitalize="none"
          spellCheck={false}
        />
        <ImportFields desk={desk} />
        <SubmitButton look="secondary" pending={t('organise.importing')}>
          {t('organise.import')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

/** What there is to say of a manifest, wherever it lies. */
function ImportFields({ desk: { t } }: { desk: Desk }) {
  const formats = [
    { value: '', label: t('organise.import-format-auto') },
    ...manifestFormats.map((format) => ({ value: format, label: t(`organise.import-format-${format}`) })),
  ];
  const splits = [
    { value: '', label: t('organise.import-split-auto') },
    ...['train', 'dev', 'test'].map((split) => ({ value: split, label: split })),
  ];
  const optional = t('organise.import-optional');
  return (
    <details className="max-w-xl">
      <summary className="w-fit font-medium">{t('organise.import-details')}</summary>
      <div className="mt-4 grid gap-5 sm:grid-cols-2">
        <Select name="format" label={t('organise.import-format')} options={formats} />
        <Select name="split" label={t('organise.import-split')} options={splits} />
        <Field name="speakerKey" label={t('organise.import-speaker')} hint={optional} maxLength={100} />
        <Field name="groupKey" label={t('organise.import-group')} hint={optional} maxLength={100} />
      </div>
    </details>
  );
}
