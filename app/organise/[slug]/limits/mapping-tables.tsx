import type { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { Table } from '#ui/table.tsx';
import type { MappingPreview } from './mapping-preview.ts';

type Texts = { t: ReturnType<typeof translatorOf<AreaMessages<'organise'>>> };

/** What a mapping says, and what it does to the open references, before it is put in force. */
export function PreviewTables({ t, language, preview }: Texts & { language: Language; preview: MappingPreview }) {
  const { number } = formatsFor(language);
  const { rules, firstRules, touched, of, examples } = preview;
  return (
    <div className="space-y-6">
      <Notice>
        {t('mapping-preview', { rules })}{' '}
        {of === 0 ? t('mapping-no-dev') : t('mapping-touched', { touched: number(touched), of: number(of) })}
      </Notice>
      <Table caption={t('mapping-rules-caption')} columns={[{ label: t('mapping-from') }, { label: t('mapping-to') }]}>
        {firstRules.map(({ from, to }) => (
          <tr key={from}>
            <td>{from}</td>
            <td>{to === '' ? <i>{t('mapping-nothing')}</i> : to}</td>
          </tr>
        ))}
      </Table>
      {examples.length > 0 && <Examples t={t} examples={examples} />}
    </div>
  );
}

function Examples({ t, examples }: Texts & Pick<MappingPreview, 'examples'>) {
  return (
    <Table
      caption={t('mapping-examples-caption')}
      columns={[{ label: t('mapping-utterance') }, { label: t('mapping-before') }, { label: t('mapping-after') }]}
    >
      {examples.map(({ id, before, after }) => (
        <tr key={id}>
          <th scope="row" className="min-w-36 break-all font-mono text-sm font-normal">
            {id}
          </th>
          <td>{before}</td>
          <td>{after}</td>
        </tr>
      ))}
    </Table>
  );
}
