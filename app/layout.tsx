import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { FocusKeeper } from './focus-keeper.tsx';
import { pageLanguage } from './language.ts';
import { SiteFooter } from './site-footer.tsx';
import { SiteHeader } from './site-header.tsx';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: { default: 'Rostrum', template: '%s · Rostrum' }, description: t('common.tagline') };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1116' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { language, theme, t } = await pageLanguage();
  return (
    <html lang={language} data-theme={theme}>
      <body className="flex flex-col">
        <a
          href="#content"
          className="sr-only rounded-b-lg bg-ink px-4 py-2 text-paper focus:not-sr-only focus:absolute focus:left-4 focus:top-0 focus:z-10 focus:px-4 focus:py-2"
        >
          {t('common.skip-to-content')}
        </a>
        <SiteHeader />
        <main id="content" tabIndex={-1} className="page flex-1 pb-20 pt-6 outline-none sm:pt-8">
          {children}
        </main>
        <SiteFooter />
        <FocusKeeper />
      </body>
    </html>
  );
}
