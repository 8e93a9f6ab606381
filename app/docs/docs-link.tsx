import Link from 'next/link';
import { findDoc } from '#lib/docs/library.ts';
import { pageLanguage } from '../language.ts';

/** The way from a page to what the documentation says of it, under the name that it has there. `to` is `audience/name`. */
export async function DocsLink({ to }: { to: `${'teams' | 'organisers' | 'operators'}/${string}` }) {
  const { language, t } = await pageLanguage();
  const [audience = '', name = ''] = to.split('/');
  const page = findDoc(language, audience, name);
  if (page === null) return null;
  return (
    <p className="screen-only text-sm text-soft">
      {t('common.docs')}:{' '}
      <Link href={`/docs/${to}`} prefetch={false} className="link">
        {page.title}
      </Link>
    </p>
  );
}
