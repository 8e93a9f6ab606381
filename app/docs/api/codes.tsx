import type { CodeRow } from '#lib/api/reference.ts';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../language.ts';

/** Every code that a program may meet, by status. */
export async function Codes({ codes, common }: { codes: readonly CodeRow[]; common: readonly string[] }) {
  const { t } = await pageLanguage();
  const columns = [t('api.call-status'), t('api.call-codes'), t('api.call-meaning')].map((label) => ({ label }));
  return (
    <div className="mt-12">
      <h2 id="codes" className="mb-2 scroll-mt-6 text-2xl font-semibold tracking-tight">
        {t('api.errors-title')}
      </h2>
      <p className="mb-4 text-soft">
        {t('api.call-common')}: <span className="font-mono text-sm">{common.join(' · ')}</span>
      </p>
      <Table caption={t('api.errors-title')} columns={columns}>
        {codes.map(({ code, status, values, meaning }) => (
          <tr key={code} id={`code-${code}`} className="scroll-mt-6 target:bg-sunk">
            <td className="align-top tabular-nums">{status}</td>
            <th scope="row" className="align-top">
              <code>{code}</code>
              {values.length > 0 && (
                <span className="block font-mono text-sm font-normal text-soft">{values.join(', ')}</span>
              )}
            </th>
            <td className="align-top">{meaning}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
