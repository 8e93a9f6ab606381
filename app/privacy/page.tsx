import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { archiveLimits } from '#lib/archive-uploads.ts';
import { webEnv } from '#lib/env.ts';
import { type Period, retentionTable } from '#lib/retention.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../language.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('privacy.title') };
}

/** What this installation keeps of people: what, why, how long, who sees it, and what they can do about it. */
export default async function PrivacyPage() {
  const { t } = await pageLanguage();
  return (
    <>
      <PageTitle lead={t('privacy.lead')}>{t('privacy.title')}</PageTitle>
      <div className="mt-8 space-y-10">
        <KeptTable />
        <section className="max-w-prose space-y-3" aria-labelledby="cookies">
          <h2 id="cookies" className="text-xl font-semibold tracking-tight">
            {t('privacy.cookies-title')}
          </h2>
          <p>{t('privacy.cookies')}</p>
          <p>{t('privacy.others')}</p>
        </section>
        <section className="max-w-prose space-y-3" aria-labelledby="rights">
          <h2 id="rights" className="text-xl font-semibold tracking-tight">
            {t('privacy.rights-title')}
          </h2>
          <p>
            {t('privacy.rights')}{' '}
            <Link href="/account" className="link">
              {t('privacy.rights-link')}
            </Link>
          </p>
          <p>{t('privacy.erasure')}</p>
          <Contact />
        </section>
      </div>
    </>
  );
}

/** On a phone a column of its own would lie beyond the edge. */
const wide = 'max-md:hidden';

/** What such a column says, there. */
function Below({ children }: { children: ReactNode }) {
  return <span className="mt-2 block text-sm font-normal text-soft md:hidden">{children}</span>;
}

async function KeptTable() {
  const { t } = await pageLanguage();
  const rows = retentionTable(webEnv().keepDays, archiveLimits.hours);
  const columns = [
    { label: t('privacy.what') },
    { label: t('privacy.why'), look: wide },
    { label: t('privacy.how-long') },
    { label: t('privacy.who'), look: wide },
  ];
  return (
    <Table caption={t('privacy.table')} columns={columns}>
      {rows.map(({ kind, period }) => (
        <tr key={kind} className="align-top">
          <th scope="row">
            {t(`privacy.${kind}`)}
            <Below>{t(`privacy.${kind}-why`)}</Below>
          </th>
          <td className={wide}>{t(`privacy.${kind}-why`)}</td>
          <td>
            {t(`privacy.until-${period.until}`, { count: countOf(period) })}
            <Below>
              {t('privacy.who')}: {t(`privacy.${kind}-who`)}
            </Below>
          </td>
          <td className={wide}>{t(`privacy.${kind}-who`)}</td>
        </tr>
      ))}
    </Table>
  );
}

async function Contact() {
  const { t } = await pageLanguage();
  const contacts = webEnv().privacyContacts;
  if (contacts.length === 0) return <p>{t('privacy.contact-none')}</p>;
  return (
    <p>
      {t('privacy.contact')}{' '}
      {contacts.map((contact) => (
        <a key={contact} href={contact} className="link mr-3">
          {contact.replace(/^mailto:/, '')}
        </a>
      ))}
    </p>
  );
}

function countOf(period: Period): number {
  return 'count' in period ? period.count : 0;
}
