import type { SchemaView } from '#lib/api/reference.ts';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../language.ts';
import { TypeText } from './call.tsx';

/** What stands in the answers, field by field. */
export async function Bodies({ schemas }: { schemas: readonly SchemaView[] }) {
  const { t } = await pageLanguage();
  const columns = [t('api.schema-field'), t('api.schema-type'), t('api.call-meaning')].map((label) => ({ label }));
  return (
    <section aria-labelledby="bodies" className="mt-12">
      <h2 id="bodies" className="mb-4 scroll-mt-6 text-2xl font-semibold tracking-tight">
        {t('api.schemas-title')}
      </h2>
      <div className="grid grid-cols-1 gap-8">
        {schemas.map(({ name, meaning, fields }) => (
          <section key={name} id={`schema-${name}`} aria-labelledby={`schema-${name}-title`} className="scroll-mt-6">
            <h3 id={`schema-${name}-title`} className="mb-1 font-mono text-base font-semibold">
              {name}
            </h3>
            <Table caption={meaning} columns={columns}>
              {fields.map((field) => (
                <tr key={field.name}>
                  <th scope="row" className="align-top">
                    <code className="whitespace-nowrap font-normal">{field.name}</code>
                  </th>
                  <td className="align-top">
                    <TypeText type={field.type} />
                    {field.optional && <span className="block text-sm text-soft">{t('api.schema-optional')}</span>}
                  </td>
                  <td className="align-top">{field.meaning}</td>
                </tr>
              ))}
            </Table>
          </section>
        ))}
      </div>
    </section>
  );
}
