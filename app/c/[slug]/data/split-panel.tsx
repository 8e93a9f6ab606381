import { isOpen, windows } from '#lib/competition.ts';
import type { ArchiveRow, SplitSummary } from '#lib/db/utterances.ts';
import { webEnv } from '#lib/env.ts';
import { buttonClass } from '#ui/button.tsx';
import { Command } from '#ui/command.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Facts } from '#ui/facts.tsx';
import { Panel } from '#ui/panel.tsx';
import { Until } from '../until.tsx';
import type { Visit } from '../visit.ts';

type Props = { visit: Visit; summary: SplitSummary; archive: ArchiveRow | null; mayRead: boolean };

/** One split: what it holds, for everybody; its files, for those to whom they are open. */
export function SplitPanel({ visit, summary, archive, mayRead }: Props) {
  const { t, formats, competition, now } = visit;
  const { split, utterances, seconds, bytes } = summary;
  const released = isOpen(windows(competition)[split], now);
  return (
    <Panel title={t(`data.split-${split}`)}>
      <p className="mb-4 max-w-prose text-soft">{t(`data.split-${split}-text`)}</p>
      <Facts
        facts={[
          { term: t('data.recordings'), value: formats.number(utterances) },
          { term: t('data.duration'), value: formats.seconds(seconds) },
          { term: t('data.size'), value: formats.bytes(bytes) },
        ]}
      />
      {!released && <Release visit={visit} split={split} />}
      {released && mayRead && <Downloads visit={visit} split={split} archive={archive} />}
    </Panel>
  );
}

function Release({ visit, split }: Split) {
  const { t, formats, competition } = visit;
  const { start } = windows(competition)[split];
  const at = formats.instant(start, competition.timeZone);
  return (
    <p className="mt-5 font-medium">
      {t('data.locked', { at })} · {t('data.locked-left')} <Until visit={visit} at={start} />
    </p>
  );
}
type Split = { visit: Visit; split: SplitSummary['split'] };

function Downloads({ visit: { t, formats, slug }, split, archive }: Split & { archive: ArchiveRow | null }) {
  const folder = `/api/v1/competitions/${slug}/data`;
  return (
    <div className="mt-5 space-y-4">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        {archive && (
          <a href={`${folder}/${split}.zip`} download className={buttonClass('primary', 'normal')}>
            {t('data.archive')} · {t('data.archive-size', { size: formats.bytes(archive.bytes) })}
          </a>
        )}
        <a href={`${folder}/${split}.csv`} download className="link">
          {t('data.manifest')}
        </a>
        {split === 'test' && (
          <a href={`${folder}/sample_submission.csv`} download className="link">
            {t('data.sample')}
          </a>
        )}
      </div>
      {archive === null && <p className="text-soft">{t('data.archive-none')}</p>}
      {archive && (
        <Checksum label={t('data.sha256')} archive={archive} copy={t('common.copy')} copied={t('common.copied')} />
      )}
      {archive && <Shell t={t} url={`${webEnv().origin}${folder}/${split}.zip`} />}
    </div>
  );
}

type ChecksumProps = { label: string; archive: ArchiveRow; copy: string; copied: string };

function Checksum({ label, archive, copy, copied }: ChecksumProps) {
  const digest = archive.sha256.toString('hex');
  return (
    <div className="text-sm">
      <p className="text-soft">{label}</p>
      <div className="flex flex-wrap items-center gap-3">
        <code className="code min-w-0 break-all">{digest}</code>
        <CopyButton text={digest} label={copy} copied={copied} />
      </div>
    </div>
  );
}

function Shell({ t, url }: Pick<Visit, 't'> & { url: string }) {
  const command = `curl -fL -C - -O -H "Authorization: Bearer $ROSTRUM_TOKEN" ${url}`;
  return (
    <details className="text-sm">
      <summary className="w-fit font-medium">{t('data.shell')}</summary>
      <p className="my-2 max-w-prose text-soft">
        {t('data.shell-text')}{' '}
        <a href="/account" className="link">
          {t('data.shell-token')}
        </a>
      </p>
      <Command t={t} text={command} />
    </details>
  );
}
