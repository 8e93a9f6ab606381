import Link from 'next/link';
import { nameOf } from '#lib/competition.ts';
import { listCompetitionsJoinedBy } from '#lib/db/competitions.ts';
import { type ApiToken, listApiTokens, type Scope, scopes } from '#lib/db/tokens.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { Chip } from '#ui/chip.tsx';
import { Command } from '#ui/command.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Checkbox, Field, Select } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../language.ts';
import { makeToken, revokeToken } from './actions.ts';
import { tokenDays } from './token-days.ts';
import { TokenMaker } from './token-maker.tsx';

/** What programs of the person sign in with. */
export async function Tokens({ userId }: { userId: string }) {
  const { t } = await pageLanguage();
  const { origin } = webEnv();
  const tokens = await listApiTokens(webDatabase(), userId);
  return (
    <Panel title={t('auth.tokens-title')}>
      <p className="text-soft">{t('auth.tokens-lead')}</p>
      {tokens.length === 0 && <p className="my-4">{t('auth.token-none')}</p>}
      <ul className="my-4 divide-y divide-rule">
        {tokens.map((token) => (
          <OneToken key={token.id} token={token} />
        ))}
      </ul>
      <NewToken />
      <div className="mt-5">
        <p className="mb-2 text-soft">{t('auth.tokens-command-line')}</p>
        <Command t={t} text={`npm install -g ${origin}/toolkit/rostrum.tgz\nrostrum login ${origin}`} />
      </div>
      <QuickStarts userId={userId} />
    </Panel>
  );
}

/** What a token is good for, where the person takes part. */
async function QuickStarts({ userId }: { userId: string }) {
  const { t, language } = await pageLanguage();
  const competitions = await listCompetitionsJoinedBy(webDatabase(), userId);
  if (competitions.length === 0) return null;
  return (
    <div className="mt-6 border-t border-rule pt-4">
      <p className="text-soft">{t('start.account')}</p>
      <ul className="mt-2 space-y-1">
        {competitions.map((competition) => (
          <li key={competition.id}>
            <Link href={`/c/${competition.slug}/quick-start`} prefetch={false} className="link">
              {nameOf(competition, language)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function OneToken({ token }: { token: ApiToken }) {
  const { t, formats } = await pageLanguage();
  const isExpired = token.expiresAt !== null && token.expiresAt.getTime() <= Date.now();
  const expires = token.expiresAt === null ? t('auth.token-endless') : formats.longInstant(token.expiresAt, 'UTC');
  const used = token.lastUsedAt === null ? t('auth.token-never') : formats.ago(Date.now() - token.lastUsedAt.getTime());
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="font-medium wrap-anywhere">{token.name}</bdi>
          {token.scopes.map((scope) => (
            <Chip key={scope}>{scope}</Chip>
          ))}
          {isExpired && <Chip look="warn">{t('auth.token-expired')}</Chip>}
        </p>
        <p className="text-sm text-soft">
          {t('auth.token-expires-at')}: {expires} · {t('auth.token-used-at')}: {used}
        </p>
      </div>
      <ConfirmForm
        action={revokeToken}
        trigger={t('auth.token-revoke')}
        label={t('auth.token-revoke-named', { name: token.name })}
        look="danger"
        size="small"
        title={t('auth.token-revoke-title', { name: token.name })}
        confirm={t('auth.token-revoke')}
        pending={t('common.saving')}
        cancel={t('common.cancel')}
      >
        <input type="hidden" name="token" value={token.id} />
        <p>{t('auth.token-revoke-text')}</p>
      </ConfirmForm>
    </li>
  );
}

/** The form that makes one and shows it. */
export async function NewToken() {
  const { t } = await pageLanguage();
  const texts = {
    create: t('auth.token-create'),
    creating: t('auth.token-creating'),
    createdTitle: t('auth.token-created-title'),
    created: t('auth.token-created'),
    copy: t('common.copy'),
    copied: t('common.copied'),
  };
  const labels: Record<Scope, string> = { read: t('auth.token-scope-read'), submit: t('auth.token-scope-submit') };
  const days = tokenDays.map((value) => {
    const isEndless = value === 'endless';
    return {
      value,
      label: isEndless ? t('auth.token-days-endless') : t('auth.token-days-value', { days: Number(value) }),
    };
  });
  return (
    <TokenMaker action={makeToken} texts={texts}>
      <Field
        label={t('auth.token-name')}
        name="name"
        placeholder={t('auth.token-name-example')}
        maxLength={60}
        required
      />
      <fieldset>
        <legend className="mb-1.5 font-medium">{t('auth.token-scopes')}</legend>
        {scopes.map((scope) => (
          <Checkbox key={scope} name={scope} label={labels[scope]} defaultChecked />
        ))}
      </fieldset>
      <Select label={t('auth.token-days')} name="days" options={days} />
    </TokenMaker>
  );
}
