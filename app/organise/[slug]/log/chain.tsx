import { findHead, findLastCheck } from '#lib/db/log-chain.ts';
import { webDatabase } from '#lib/db/web.ts';
import { problemOfFault } from '#lib/log-chain.ts';
import { sentenceOf } from '#lib/problems.ts';
import { Command } from '#ui/command.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Desk } from '../desk.ts';

/** The head of the chain to be noted, and when somebody last read all of it. */
export async function Chain({ desk: { t, print, competition, slug } }: { desk: Desk }) {
  const db = webDatabase();
  const head = await findHead(db, competition.id);
  const check = await findLastCheck(db, competition.id);
  return (
    <Panel title={t('log.chain-title')}>
      {check?.fault && (
        <div className="mb-5">
          <Notice kind="error" title={t('log.chain-checked-bad', { at: print(check.checkedAt) })}>
            <p className="wrap-anywhere">{sentenceOf(problemOfFault(check.fault), t)}</p>
          </Notice>
        </div>
      )}
      <p className="mb-4 max-w-prose text-soft">{t('log.chain-text')}</p>
      {head === null ? (
        <p>{t('log.chain-none')}</p>
      ) : (
        <Facts
          facts={[
            {
              term: t('log.chain-head'),
              value: <span className="break-all font-mono text-sm">{head.hash}</span>,
              note: t('log.chain-head-at', { position: head.position, at: print(head.at) }),
            },
            {
              term: t('log.chain-checked'),
              value:
                check === null
                  ? t('log.chain-checked-never')
                  : t(check.fault ? 'log.chain-checked-bad' : 'log.chain-checked-good', {
                      at: print(check.checkedAt),
                      position: check.position,
                    }),
            },
          ]}
        />
      )}
      <details className="mt-4">
        <summary className="cursor-pointer font-medium">{t('log.chain-how')}</summary>
        <div className="mt-2 space-y-3">
          <Command t={t} text={`rostrum admin verify --log --competition ${slug} --head ${head?.hash ?? 'SHA-256'}`} />
          <Command t={t} text={`rostrum admin verify --boards --competition ${slug}`} />
        </div>
      </details>
    </Panel>
  );
}
