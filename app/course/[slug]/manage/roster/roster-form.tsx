'use client';

import { Chip } from '#ui/chip.tsx';
import { Notice } from '#ui/notice.tsx';
import { Table } from '#ui/table.tsx';
import { TableForm, type TableTexts, type TableTranslate } from '../table-form.tsx';
import type { RosterAnswer, RosterPreview } from './actions.ts';

type Props = {
  action: (previous: unknown, form: FormData) => Promise<RosterAnswer>;
  texts: TableTexts;
  hint: string;
};

export function RosterForm({ action, texts, hint }: Props) {
  return (
    <TableForm<RosterPreview>
      action={action}
      texts={texts}
      hint={hint}
      preview={(preview, t) => <Preview preview={preview} t={t} />}
    />
  );
}

const looks = { new: 'good', changed: 'accent', relinked: 'warn', same: 'plain' } as const;

function Preview({ preview: { counts, others, rows }, t }: { preview: RosterPreview; t: TableTranslate }) {
  return (
    <>
      <Notice kind="success" title={t('roster-would', counts)}>
        {others > 0 && t('roster-others', { count: others })} {counts.relinked > 0 && t('roster-relinks')}{' '}
        {t('nothing-written')}
      </Notice>
      <div className="max-h-[32rem] overflow-y-auto">
        <Table
          caption={t('roster-preview')}
          columns={[
            { label: t('column-number') },
            { label: t('column-name') },
            { label: t('column-group') },
            { label: t('column-email') },
            { label: t('column-change') },
          ]}
        >
          {rows.map(({ number, name, group, email, kind }) => (
            <tr key={number}>
              <td>{number}</td>
              <td>{name}</td>
              <td>{group}</td>
              <td className="break-all">{email}</td>
              <td>
                <Chip look={looks[kind]}>{t(`roster-${kind}`)}</Chip>
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </>
  );
}
