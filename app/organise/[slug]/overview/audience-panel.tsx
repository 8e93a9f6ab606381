import { webEnv } from '#lib/env.ts';
import { LinkButton } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Panel } from '#ui/panel.tsx';
import { QrCode } from '#ui/qr-code.tsx';
import type { StaffDesk } from '../staff.ts';

/** The audience's page as an organiser hands it out: its address in words and as a code. */
export function AudiencePanel({ desk: { t, slug } }: { desk: Pick<StaffDesk, 't' | 'slug'> }) {
  const address = `${webEnv().origin}/live/${slug}`;
  return (
    <Panel title={t('live.panel-title')}>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <QrCode text={address} label={t('live.qr', { address })} className="size-44 shrink-0 rounded-lg" />
        <div className="min-w-56 max-w-prose flex-1 space-y-3">
          <p>{t('live.panel-text')}</p>
          <p className="break-all font-semibold">{address}</p>
          <div className="flex flex-wrap gap-3">
            <LinkButton href={`/live/${slug}`} look="secondary" size="small">
              {t('live.panel-open')}
            </LinkButton>
            <CopyButton text={address} label={t('live.panel-copy')} copied={t('live.panel-copied')} />
          </div>
        </div>
      </div>
    </Panel>
  );
}
