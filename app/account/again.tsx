import Link from 'next/link';
import { withNext } from '#lib/identity/local-path.ts';
import { pageLanguage } from '../language.ts';

/** In place of an act that asks for a sign-in of late, where there was none: `why` ends with a colon. */
export async function Again({ why }: { why: string }) {
  const { t } = await pageLanguage();
  return (
    <p>
      {why}{' '}
      <Link href={withNext('/sign-in/again', '/account')} className="link font-medium">
        {t('auth.again-link')}
      </Link>
    </p>
  );
}
