import type { AnswerRow, CallView, ParameterRow, TypeName } from '#lib/api/reference.ts';
import type { Tag } from '#lib/api/routes.ts';
import { Chip } from '#ui/chip.tsx';
import { CodeBlock } from '#ui/code-block.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../language.ts';

export function tagsOf(calls: readonly CallView[]): Tag[] {
  return [...new Set(calls.map(({ route }) => route.tag))];
}

/** One call: what it is for, who may make it, what goes in and what comes out. */
export async function Call({ call }: { call: CallView }) {
  const { t } = await pageLanguage();
  const { name, route, summary, text, parameters, answers, codes, curl } = call;
  const limit = route.limit === null ? t('api.limit-none') : route.limit;
  return (
    <article id={name} className="group min-w-0 scroll-mt-6 rounded-2xl border border-rule bg-raised p-5 sm:p-6">
      <h3 className="wrap-anywhere font-mono text-base font-semibold">
        <span className="text-accent">{route.method}</span> {route.path}
        <a
          href={`#${name}`}
          aria-label={t('api.call-anchor', { name })}
          className="screen-only ml-2 text-soft opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
        >
          #
        </a>
      </h3>
      <p className="mt-1.5 text-lg">{summary}</p>
      {text && <p className="mt-1 max-w-[70ch] text-soft">{text}</p>}
      <p className="mt-3 flex flex-wrap gap-2">
        <Chip look={route.access === 'read' || route.access === 'submit' ? 'accent' : 'plain'}>
          {t(`api.call-access-${route.access}`)}
        </Chip>
        <Chip>{limit}</Chip>
      </p>
      <div className="mt-4 grid grid-cols-1 gap-5">
        <CodeBlock t={t} language="sh" text={curl} />
        {parameters.length > 0 && <Parameters of={name} rows={parameters} />}
        {route.body !== null && (
          <p>
            <span className="font-medium">{t('api.call-body')}.</span> {t('api.body-submit')}{' '}
            <code className="wrap-anywhere text-sm text-soft">{route.body.join(', ')}</code>
          </p>
        )}
        <Answers of={name} rows={answers} />
        {codes.length > 0 && (
          <p className="text-sm leading-7">
            <span className="font-medium">{t('api.errors-title')}:</span>{' '}
            {codes.map((code, i) => (
              <span key={code}>
                {i > 0 && ' · '}
                <a href={`#code-${code}`} className="link font-mono">
                  {code}
                </a>
              </span>
            ))}
          </p>
        )}
      </div>
    </article>
  );
}

async function Parameters({ of, rows }: { of: string; rows: readonly ParameterRow[] }) {
  const { t } = await pageLanguage();
  const columns = [t('api.call-parameter'), t('api.schema-type'), t('api.call-meaning')].map((label) => ({ label }));
  return (
    <Table caption={t('api.call-parameters')} name={`${t('api.call-parameters')}: ${of}`} columns={columns}>
      {rows.map(({ name, place, type, required, meaning }) => (
        <tr key={`${place} ${name}`}>
          <th scope="row" className="align-top">
            <code>{name}</code>
            <span className="block text-sm font-normal text-soft">
              {t(`api.call-place-${place as 'path' | 'query' | 'header'}`)}
              {required && place !== 'path' && ` · ${t('api.call-required')}`}
            </span>
          </th>
          <td className="align-top">
            <TypeText type={type} />
          </td>
          <td className="align-top">{meaning}</td>
        </tr>
      ))}
    </Table>
  );
}

async function Answers({ of, rows }: { of: string; rows: readonly AnswerRow[] }) {
  const { t } = await pageLanguage();
  const columns = [t('api.call-status'), t('api.call-body'), t('api.call-meaning')].map((label) => ({ label }));
  return (
    <Table caption={t('api.call-answers')} name={`${t('api.call-answers')}: ${of}`} columns={columns}>
      {rows.map(({ status, types, schema, meaning }) => (
        <tr key={status}>
          <th scope="row" className="align-top tabular-nums">
            {status}
          </th>
          <td className="align-top text-sm">
            {schema && (
              <a href={`#schema-${schema}`} className="link font-mono">
                {schema}
              </a>
            )}
            <span className="block text-soft">{types.join(', ')}</span>
          </td>
          <td className="align-top">{meaning}</td>
        </tr>
      ))}
    </Table>
  );
}

/** A type, which leads to its body where it names one. */
export function TypeText({ type: { text, schema } }: { type: TypeName }) {
  return schema === null ? (
    <code className="text-sm">{text}</code>
  ) : (
    <a href={`#schema-${schema}`} className="link font-mono text-sm">
      {text}
    </a>
  );
}
