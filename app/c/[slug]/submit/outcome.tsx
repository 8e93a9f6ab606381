'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { Button, LinkButton } from '#ui/button.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { Problems } from '#ui/problems.tsx';
import type { UploadTexts } from '#ui/upload-texts.ts';
import type { Split } from '#ui/use-file-check.ts';
import type { Outcome } from './send.ts';

type Shown = { texts: UploadTexts; slug: string };
type Accepted = Extract<Outcome, { status: 'accepted' }>;

/** What became of an upload that was not accepted; the form stays above it as it was. */
export function Setback({ texts, slug, outcome }: Shown & { outcome: Exclude<Outcome, Accepted> }) {
  const { t } = texts;
  switch (outcome.status) {
    case 'rejected':
      return (
        <>
          <Notice kind="error" live title={t('rejected-title', { count: outcome.total })}>
            <p>{t('rejected-text')}</p>
            <a className="link" href={`/c/${slug}/submissions/${outcome.id}`}>
              {t('rejected-stored')}
            </a>
          </Notice>
          <Problems problems={outcome.problems} texts={texts.table} />
        </>
      );
    case 'refused':
      return (
        <Notice kind="error" live title={t('refused')}>
          {outcome.sentence}
        </Notice>
      );
    case 'signed-out':
      return (
        <Notice kind="error" live title={t('refused')}>
          <p>{t('signed-out')}</p>
          <a className="link" href="/sign-in" target="_blank" rel="noopener">
            {t('signed-out-link')}
          </a>
        </Notice>
      );
    case 'lost':
      return (
        <Notice kind="error" live title={t('lost')}>
          {t('lost-text')}
        </Notice>
      );
    case 'stopped':
      return (
        <Notice kind="warning" live>
          {t('stopped')}
        </Notice>
      );
  }
}

/** The receipt: what the server has, since when, and where to see what comes of it. */
export function Receipt({ texts, slug, timeZone, outcome, split, onAnother }: ReceiptProps) {
  const { t, language } = texts;
  const { receipt, isEarlier } = outcome;
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus is gone: reading goes on where the answer is.
  useEffect(() => heading.current?.focus(), []);
  const left = receipt.quota && { left: receipt.quota.limit - receipt.quota.used, limit: receipt.quota.limit };
  return (
    <section className="rounded-2xl border border-good bg-raised p-5 sm:p-6">
      <h3 ref={heading} tabIndex={-1} className="text-lg font-semibold tracking-tight outline-none">
        {isEarlier ? t('receipt-earlier') : t('receipt')}
      </h3>
      {isEarlier && <p className="mt-1">{t('receipt-earlier-text')}</p>}
      {receipt.late && <p className="mt-1">{t('receipt-late')}</p>}
      <dl className="mt-4 space-y-2">
        <Line term={t('receipt-at')}>{formatsFor(language).instant(new Date(receipt.receivedAt), timeZone)}</Line>
        <Line term={t('receipt-sha256')}>
          <code className="code break-all">{receipt.sha256}</code>
        </Line>
      </dl>
      {left && <p className="mt-3">{t('receipt-quota', left)}</p>}
      <div className="mt-5 flex flex-wrap gap-3">
        {split === 'dev' && <LinkButton href={`/c/${slug}/lab?file=${receipt.id}`}>{t('receipt-lab')}</LinkButton>}
        <LinkButton look={split === 'dev' ? 'secondary' : 'primary'} href={`/c/${slug}/submissions/${receipt.id}`}>
          {t('receipt-open')}
        </LinkButton>
        <Button look="secondary" onClick={onAnother}>
          {t('receipt-another')}
        </Button>
      </div>
    </section>
  );
}

type ReceiptProps = Shown & { timeZone: string; outcome: Accepted; split: Split; onAnother: () => void };

function Line({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="gap-x-4 sm:flex">
      <dt className="shrink-0 text-soft sm:w-28">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
