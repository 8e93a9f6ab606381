import type { Metadata } from 'next';
import Link from 'next/link';
import { requestLimits } from '#lib/api/limits.ts';
import { apiReference, type CallView } from '#lib/api/reference.ts';
import { apiRoot } from '#lib/api/routes.ts';
import { webEnv } from '#lib/env.ts';
import { Command } from '#ui/command.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../language.ts';
import { DocsFrame } from '../frame.tsx';
import { Bodies } from './bodies.tsx';
import { Call, tagsOf } from './call.tsx';
import { Codes } from './codes.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('api.title'), description: t('api.lead') };
}

/** Every call of the API, made of the declaration that the server answers by. */
export default async function ApiPage() {
  const { t, language } = await pageLanguage();
  const { calls, schemas, codes, common } = apiReference(webEnv().origin, language);
  return (
    <DocsFrame>
      <PageTitle lead={t('api.lead')}>{t('api.title')}</PageTitle>
      <p className="mb-3">
        <a href={`${apiRoot}/openapi.json`} className="link">
          {t('api.document')}
        </a>
      </p>
      <h2 className="mt-8 mb-3 text-xl font-semibold tracking-tight">{t('api.base-title')}</h2>
      <Command t={t} text={`${webEnv().origin}${apiRoot}`} />
      <Contents calls={calls} />
      <Conduct />
      {tagsOf(calls).map((tag) => (
        <section key={tag} aria-labelledby={`tag-${tag}`} className="mt-12">
          <h2 id={`tag-${tag}`} className="mb-4 text-2xl font-semibold tracking-tight">
            {t(`api.tag-${tag}`)}
          </h2>
          <div className="grid grid-cols-1 gap-6">
            {calls
              .filter(({ route }) => route.tag === tag)
              .map((call) => (
                <Call key={call.name} call={call} />
              ))}
          </div>
        </section>
      ))}
      <Codes codes={codes} common={common} />
      <Bodies schemas={schemas} />
    </DocsFrame>
  );
}

async function Contents({ calls }: { calls: readonly CallView[] }) {
  const { t } = await pageLanguage();
  return (
    <nav aria-label={t('api.contents')} className="mt-8">
      <h2 className="mb-3 text-xl font-semibold tracking-tight">{t('api.contents')}</h2>
      <ul className="divide-y divide-rule border-y border-rule">
        {calls.map(({ name, route, summary }) => (
          <li key={name} className="grid gap-x-4 py-2 sm:grid-cols-[minmax(0,25rem)_minmax(0,1fr)]">
            <a href={`#${name}`} className="link wrap-anywhere font-mono text-sm">
              {route.method} {route.path}
            </a>
            <span className="text-soft">{summary}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What holds for all calls. */
async function Conduct() {
  const { t } = await pageLanguage();
  const topics = ['auth', 'errors', 'conditional', 'idempotency', 'limits'] as const;
  return (
    <div className="mt-10 grid max-w-[70ch] grid-cols-1 gap-7">
      {topics.map((topic) => (
        <div key={topic} id={topic} className="scroll-mt-6">
          <h2 className="mb-1.5 text-xl font-semibold tracking-tight">{t(`api.${topic}-title`)}</h2>
          <p>{t(`api.${topic}-text`)}</p>
          {topic === 'auth' && (
            <p className="mt-2">
              <Link href="/account" prefetch={false} className="link">
                {t('api.auth-token-link')}
              </Link>
            </p>
          )}
          {topic === 'limits' && <Limits />}
        </div>
      ))}
    </div>
  );
}

async function Limits() {
  const { t } = await pageLanguage();
  const value = ({ requests, windowSeconds }: { requests: number; windowSeconds: number }) =>
    t('api.limits-value', { requests, seconds: windowSeconds });
  const columns = [t('api.limits-group'), t('api.limits-caller'), t('api.limits-network')].map((label) => ({ label }));
  return (
    <div className="mt-3">
      <Table caption={t('api.limits-title')} columns={columns}>
        {(['read', 'download', 'submit'] as const).map((name) => (
          <tr key={name}>
            <th scope="row">
              {t(`api.limit-${name}`)} <code className="text-soft">{name}</code>
            </th>
            <td>{value(requestLimits[name].caller)}</td>
            <td>{value(requestLimits[name].network)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
