import { archiveLimits } from '#lib/archive-uploads.ts';
import { manifestFormats } from '#lib/datasets/manifest.ts';
import { listImports } from '#lib/db/imports.ts';
import { type SplitSummary, sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, Select } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { requestImport } from './actions.ts';
import { ArchiveForm } from './archive-form.tsx';
import type { Desk } from './desk.ts';
import { ImportList } from './import-list.tsx';
import { PowerPanel } from './power-panel.tsx';
import { Section } from './section.tsx';

/** What is imported, the form that asks for more, and how the last imports went. */
export async function DataSection({ desk }: { desk: Desk }) {
  const { t, competition: c } = desk;
  const summaries = await sumSplits(webDatabase(), c.id);
  const imports = await listImports(webDatabase(), c.id);
  return (
    <Section id="data" title={t('organise.section-data')}>
      {summaries.length === 0 ? (
        <p className="text-soft">{t('organise.data-none')}</p>
      ) : (
        <Splits desk={desk} summaries={summaries} />
      )}
      {c.labelVersion > 0 && (
        <p className="mt-3 text-sm text-soft">
          {t('organise.data-labels', { version: c.labelVersion, unit: t(`organise.unit-${c.unit}`) })}
        </p>
      )}
      <PowerPanel desk={desk} />
      <ArchiveImport desk={desk} />
      <ImportForm desk={desk} />
      <ImportList desk={desk} imports={imports} />
    </Section>
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
    <div className="mt-8">
      <h3 className="mb-2 font-semibold">{t('archive.title')}</h3>
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
    </div>
  );
}

function ImportForm({ desk }: { desk: Desk }) {
  const { t, slug } = desk;
  return (
    <div className="mt-10">
      <h3 className="mb-2 font-semibold">{t('organise.import-title')}</h3>
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
    </div>
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
