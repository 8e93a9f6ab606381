import Link from 'next/link';
import { pageLanguage } from './language.ts';

export async function SiteFooter() {
  const { t } = await pageLanguage();
  return (
    <footer className="screen-only border-t border-rule text-sm text-soft">
      <div className="page flex flex-wrap justify-between gap-x-8 gap-y-2 py-6">
        <p>{t('common.footer-about')}</p>
        <p className="flex flex-wrap gap-x-5 gap-y-2">
          <Link href="/" prefetch={false} className="link">
            {t('common.footer-competitions')}
          </Link>
          <Link href="/docs" prefetch={false} className="link">
            {t('common.docs')}
          </Link>
          <Link href="/docs/api" prefetch={false} className="link">
            {t('common.footer-api')}
          </Link>
          <Link href="/privacy" prefetch={false} className="link">
            {t('common.footer-privacy')}
          </Link>
        </p>
      </div>
    </footer>
  );
}
