import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { visitor } from '#lib/auth.ts';
import { listUnsentMails, type Mail } from '#lib/db/mails.ts';
import { webDatabase } from '#lib/db/web.ts';
import { mailDelivery } from '#lib/identity/mail-delivery.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../language.ts';

const mostMails = 50;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('auth.outbox-title'), robots: { index: false } };
}

/** The mails of a demo, for whoever sits at its machine; nowhere else is there such a page. */
export default async function OutboxPage() {
  const { t } = await pageLanguage();
  if (mailDelivery() !== 'outbox' || !(await visitor()).isLocal) notFound();
  const mails = await listUnsentMails(webDatabase(), mostMails);
  return (
    <div className="mx-auto max-w-3xl">
      <PageTitle lead={t('auth.outbox-lead')}>{t('auth.outbox-title')}</PageTitle>
      {mails.length === 0 && <EmptyState title={t('auth.outbox-empty')}>{t('auth.outbox-empty-text')}</EmptyState>}
      <div className="space-y-4">
        {mails.map((mail) => (
          <OneMail key={mail.id} mail={mail} />
        ))}
      </div>
    </div>
  );
}

async function OneMail({ mail }: { mail: Mail }) {
  const { t, formats } = await pageLanguage();
  const written = (
    <time dateTime={mail.createdAt.toISOString()}>{formats.ago(Date.now() - mail.createdAt.getTime())}</time>
  );
  return (
    <Panel as="article" title={mail.subject} aside={written}>
      <p className="text-sm text-soft">{t('auth.outbox-to', { recipient: mail.recipient })}</p>
      <div lang={mail.language} className="mt-3 whitespace-pre-line wrap-anywhere">
        <TextWithLinks text={mail.text} />
      </div>
    </Panel>
  );
}

function TextWithLinks({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    part.startsWith('http') ? (
      <a key={part} href={part} className="link">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
