'use client';

import { Chip } from '#ui/chip.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Table } from '#ui/table.tsx';
import { TableForm, type TableTexts, type TableTranslate } from '../table-form.tsx';
import type { ResultsAnswer, ResultsPreview } from './actions.ts';

type Props = {
  action: (previous: unknown, form: FormData) => Promise<ResultsAnswer>;
  texts: TableTexts;
  hint: string;
  homework: string;
  reason: { label: string; hint: string };
};

export function ResultsForm({ action, texts, hint, homework, reason }: Props) {
  return (
    <TableForm<ResultsPreview>
      action={action}
      texts={texts}
      hint={hint}
      preview={(preview, t) => <Preview preview={preview} t={t} />}
    >
      <input type="hidden" name="homework" value={homework} />
      <Field name="reason" label={reason.label} hint={reason.hint} maxLength={500} />
    </TableForm>
  );
}

const looks = { new: 'good', changed: 'warn', same: 'plain' } as const;

function Preview({ preview: { counts, rows }, t }: { preview: ResultsPreview; t: TableTranslate }) {
  return (
    <>
      <Notice kind="success" title={t('results-would', counts)}>
        {counts.changed > 0 && t('results-need-reason')} {t('nothing-written')}
      </Notice>
      <div className="max-h-[32rem] overflow-y-auto">
        <Table
          caption={t('results-preview')}
          columns={[
            { label: t('column-name') },
            { label: t('column-marked'), look: 'number' },
            { label: t('column-handed-in') },
            { label: t('column-how') },
            { label: t('column-points'), look: 'number' },
            { label: t('column-change') },
          ]}
        >
          {rows.map(({ number, name, marked, handedIn, how, points, kind }) => (
            <tr key={number}>
              <th scope="row">
                {name} <span className="block text-sm font-normal text-soft">{number}</span>
              </th>
              <td className="number">{marked}</td>
              <td className="whitespace-nowrap">{handedIn}</td>
              <td>{how}</td>
              <td className="number">{points}</td>
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
