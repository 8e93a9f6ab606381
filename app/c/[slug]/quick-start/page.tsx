import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { findAcceptance } from '#lib/db/rule-acceptances.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { type ApiToken, listApiTokens } from '#lib/db/tokens.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { withNext } from '#lib/identity/local-path.ts';
import type { MessageKey } from '#lib/messages/translate.ts';
import { type Cell, quickStart, type Step, type Tool, tools } from '#lib/quick-start.ts';
import { CodeBlock } from '#ui/code-block.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { NewToken } from '../../../account/tokens.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ tool?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('start.title') };
}

/** From the data to a place on the board, in cells to be copied. */
export default async function QuickStartPage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { tool: asked } = await searchParams;
  const tool = tools.find((known) => known === asked) ?? 'curl';
  const tokens = v.user === null ? [] : await listApiTokens(webDatabase(), v.user.id);
  const token = tokens.find((one) => isOfUse(one, v.now)) ?? null;
  const place = {
    origin: webEnv().origin,
    slug: v.slug,
    tokenName: token === null ? v.t('start.token-placeholder') : v.t('start.token-named', { name: token.name }),
  };
  return (
    <>
      <PageTitle level={2} lead={v.t('start.lead')}>
        {v.t('start.title')}
      </PageTitle>
      <Before visit={v} />
      <ToolTabs visit={v} current={tool} />
      <ol className="mt-8 space-y-10">
        {quickStart(tool, place).map((cell, i) => (
          <OneCell key={cell.step} visit={v} cell={cell} tool={tool} number={i + 1}>
            {cell.step === 'token' && <TokenPart visit={v} token={token} />}
          </OneCell>
        ))}
      </ol>
      <p className="mt-12 text-soft">
        {v.t('start.more')}{' '}
        <Link href="/docs/teams" prefetch={false} className="link">
          {v.t('common.docs')}
        </Link>
      </p>
    </>
  );
}

/** Both scopes, and time left. */
function isOfUse({ scopes, expiresAt }: ApiToken, now: Date): boolean {
  return scopes.includes('read') && scopes.includes('submit') && (expiresAt === null || expiresAt > now);
}

/** What has to be done before the cells work; nothing where all of it is. */
async function Before({ visit: { t, slug, user, competition } }: { visit: Visit }) {
  const here = `/c/${slug}/quick-start`;
  const link = (href: string, text: string) => (
    <Link href={href} prefetch={false} className="link">
      {text}
    </Link>
  );
  if (user === null) {
    return (
      <Notice title={t('start.before-sign-in')}>
        {t('start.before-sign-in-text')} {link(withNext('/sign-in', here), t('common.sign-in'))}
      </Notice>
    );
  }
  const acceptance = await findAcceptance(webDatabase(), competition.id, user.id);
  if (acceptance?.rulesVersion !== competition.rulesVersion) {
    return (
      <Notice kind="warning" title={t('upload.rules-first')}>
        {link(withNext(`/c/${slug}/rules`, here), t('upload.to-rules'))}
      </Notice>
    );
  }
  if ((await findTeamOf(webDatabase(), competition.id, user.id)) !== null) return null;
  return (
    <Notice kind="warning" title={t('upload.team-first')}>
      {link(`/c/${slug}/team`, t('upload.to-team'))}
    </Notice>
  );
}

function ToolTabs({ visit: { t, slug }, current }: { visit: Visit; current: Tool }) {
  return (
    <nav aria-label={t('start.tools')} className="screen-only mt-8">
      <ul className="tabs flex gap-x-6">
        {tools.map((tool) => (
          <li key={tool}>
            <Link
              href={`/c/${slug}/quick-start?tool=${tool}`}
              prefetch={false}
              replace
              scroll={false}
              aria-current={tool === current ? 'page' : undefined}
              className="block border-b-2 border-transparent py-3 text-soft hover:text-ink aria-[current]:border-ink aria-[current]:font-semibold aria-[current]:text-ink"
            >
              {t(`start.tool-${tool}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type CellProps = { visit: Visit; cell: Cell; tool: Tool; number: number; children: ReactNode };

/** Some steps are told in the words of the tool. */
function sentenceOf(step: Step, tool: Tool): MessageKey {
  return step === 'submit' || step === 'wait' || step === 'board' ? `start.${step}-text` : `start.${step}-${tool}`;
}

function OneCell({ visit: { t }, cell: { step, language, code }, tool, number, children }: CellProps) {
  return (
    <li className="max-w-[70rem]">
      <h3 className="text-lg font-semibold">
        {number}. {t(`start.${step}`)}
      </h3>
      <p className="mb-3 mt-1 max-w-[62ch] text-soft">{t(sentenceOf(step, tool))}</p>
      {children}
      <CodeBlock t={t} language={language} text={code} />
    </li>
  );
}

/** Which token to type, or the way to one: it is shown when it is made, and never again. */
function TokenPart({ visit: { t, user }, token }: { visit: Visit; token: ApiToken | null }) {
  if (user === null) return null;
  return (
    <div className="mb-4">
      {token !== null && <p className="mb-3">{t('start.token-have', { name: token.name })}</p>}
      <details open={token === null} className="rounded-lg border border-rule px-4 py-3">
        <summary className="font-medium">{t('start.token-make')}</summary>
        <div className="mt-4">
          <NewToken />
        </div>
      </details>
    </div>
  );
}
