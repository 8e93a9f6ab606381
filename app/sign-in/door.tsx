import Link from 'next/link';
import type { ReactNode } from 'react';
import { mailDelivery } from '#lib/identity/mail-delivery.ts';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../language.ts';

/** The frame of all pages through which people come in: one narrow column. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-md">
      <PageTitle lead={lead}>{title}</PageTitle>
      {children}
    </div>
  );
}

/** Below a form that sends a mail: where mails are read in a demo, or that there are none. */
export async function MailNote() {
  const { t } = await pageLanguage();
  const delivery = mailDelivery();
  if (delivery === 'server') return null;
  return (
    <Notice className="mt-6" kind={delivery === 'none' ? 'warning' : 'info'}>
      {delivery === 'none' ? (
        t('auth.no-mail')
      ) : (
        <>
          {t('auth.outbox-note')}{' '}
          <Link href="/outbox" className="link">
            {t('auth.outbox-open')}
          </Link>
          .
        </>
      )}
    </Notice>
  );
}

/** A question and the way for those who say yes: `Signed up before? Sign in` */
export function OtherDoor({ question, href, children }: { question: string; href: string; children: ReactNode }) {
  return (
    <p className="mt-6">
      {question}{' '}
      <Link href={href} className="link font-medium">
        {children}
      </Link>
    </p>
  );
}
