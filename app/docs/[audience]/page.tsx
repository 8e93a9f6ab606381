import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { listDocs } from '#lib/docs/library.ts';
import { type Audience, audiences } from '#lib/docs/order.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../language.ts';
import { DocsFrame } from '../frame.tsx';

type Props = { params: Promise<{ audience: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const audience = audienceOf((await params).audience);
  return { title: (await pageLanguage()).t(`docs.${audience}`) };
}

/** What is written for one kind of reader, each page with what it is for. */
export default async function AudiencePage({ params }: Props) {
  const { t, language } = await pageLanguage();
  const audience = audienceOf((await params).audience);
  const pages = listDocs(language).filter((page) => page.audience === audience);
  return (
    <DocsFrame>
      <PageTitle lead={t(`docs.${audience}-lead`)}>{t(`docs.${audience}`)}</PageTitle>
      <ol className="mt-8 max-w-[68ch] space-y-6">
        {pages.map((page) => (
          <li key={page.name}>
            <h2 className="text-lg font-semibold">
              <Link href={`/docs/${audience}/${page.name}`} prefetch={false} className="link">
                {page.title}
              </Link>
            </h2>
            <p className="mt-1 text-soft">{page.lead}</p>
          </li>
        ))}
      </ol>
    </DocsFrame>
  );
}

function audienceOf(name: string): Audience {
  return audiences.find((known) => known === name) ?? notFound();
}
