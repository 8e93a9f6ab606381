import type { ReactNode } from 'react';
import type { SubmissionView } from '#lib/db/submission-views.ts';
import { isFormat } from '#lib/predictions/records.ts';
import { buttonClass } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Instant } from '#ui/instant.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../../visit.ts';

/** The receipt, for good: what was sent, by whom and when, its fingerprint, and the file itself. */
export function Details({ visit, submission: s }: { visit: Visit; submission: SubmissionView }) {
  const { t, formats, language, competition } = visit;
  const lines: Line[] = [
    [
      t('upload.receipt-at'),
      <Instant key="at" at={s.receivedAt} timeZone={competition.timeZone} language={language} size="long" />,
    ],
    [t('upload.column-author'), s.author?.name ?? t('upload.somebody')],
    ...(s.note ? [[t('upload.note'), s.note] satisfies Line] : []),
    ...(s.codeLink ? [[t('upload.code'), <CodeLink key="code" address={s.codeLink} />] satisfies Line] : []),
    [t('upload.detail-attempt'), s.charged ? t('upload.charged') : t('upload.free')],
    [
      t('upload.detail-format'),
      t(s.format !== null && isFormat(s.format) ? `upload.format-${s.format}` : 'upload.format-unknown'),
    ],
    [t('upload.detail-size'), formats.bytes(s.bytes)],
    ...(s.scoredBy ? [[t('upload.detail-rules'), <Rules key="rules" by={s.scoredBy} t={t} />] satisfies Line] : []),
    [t('upload.receipt-sha256'), <Copied key="sha256" text={s.sha256} t={t} />],
    [t('upload.detail-id'), <Copied key="id" text={s.id} t={t} />],
  ];
  return (
    <Panel title={t('upload.details')}>
      <dl className="space-y-2.5">
        {lines.map(([term, value]) => (
          <div key={term} className="gap-x-6 sm:grid sm:grid-cols-[9rem_1fr]">
            <dt className="text-soft">{term}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-5">
        <a href={`/api/v1/submissions/${s.id}/file`} download className={buttonClass('secondary', 'normal')}>
          {t('upload.download')}
        </a>
      </p>
    </Panel>
  );
}

type Line = [string, ReactNode];

type RulesProps = { by: NonNullable<SubmissionView['scoredBy']>; t: Visit['t'] };

/** The rules that the score was made by, and their fingerprint. */
function Rules({ by: { profile, profileHash, scorerVersion }, t }: RulesProps) {
  return (
    <>
      {t('upload.detail-rules-value', { profile, version: scorerVersion })}
      {profileHash !== null && (
        <>
          {', '}
          <code className="code">{profileHash}</code>
        </>
      )}
    </>
  );
}

function CodeLink({ address }: { address: string }) {
  return (
    <a href={address} rel="noopener noreferrer nofollow" className="link break-all">
      {address}
    </a>
  );
}

function Copied({ text, t }: { text: string; t: Visit['t'] }) {
  return (
    <span className="flex flex-wrap items-center gap-3">
      <code className="code break-all">{text}</code>
      <CopyButton text={text} label={t('common.copy')} copied={t('common.copied')} />
    </span>
  );
}
