import Link from 'next/link';
import { currentUser } from '#lib/auth.ts';
import type { Language } from '#lib/messages/language.ts';
import { PathField, SignInLink } from './here.tsx';
import { pageLanguage, type Theme } from './language.ts';
import { isShared } from './shared.ts';

/** Brand, language, theme, the way to one's account. The switches are forms: they work before, and without, JavaScript. */
export async function SiteHeader() {
  const { language, theme, t } = await pageLanguage();
  return (
    <header className="screen-only border-b border-rule">
      <div className="page flex items-center gap-x-5 py-3">
        <Link
          href="/"
          aria-label={t('common.brand-home')}
          className="flex shrink-0 items-center gap-2.5 text-xl font-bold tracking-tight"
        >
          <Mark />
          <span className="max-[23rem]:hidden">Rostrum</span>
        </Link>
        <div className="ml-auto flex min-w-0 items-center gap-x-1 sm:gap-x-3">
          <Link
            href="/docs"
            prefetch={false}
            className="flex min-h-9 items-center px-2 text-sm text-soft hover:text-accent max-sm:hidden"
          >
            {t('common.docs')}
          </Link>
          <LanguageSwitch language={language} label={t('common.language')} />
          <ThemeSwitch theme={theme} label={t(`common.theme-${theme}`)} />
          <Account />
        </div>
      </div>
    </header>
  );
}

/** Who is signed in. A page that is drawn for everybody names nobody; the link is right for all. */
async function Account() {
  const { t } = await pageLanguage();
  const look =
    'flex min-h-9 min-w-0 max-w-[9rem] items-center rounded-md px-2 font-medium hover:text-accent sm:max-w-[16rem]';
  const shared = await isShared();
  const user = shared ? null : await currentUser();
  if (!shared && user === null) return <SignInLink label={t('common.sign-in')} className={look} />;
  return (
    <Link href="/account" prefetch={false} className={look}>
      <span className="truncate">{user?.name ?? t('common.account')}</span>
    </Link>
  );
}

/** Three voices, one rostrum: second, first, third. */
function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-6" fill="currentColor">
      <rect x="2" y="10" width="5" height="11" rx="2.5" className="text-ink" />
      <rect x="9.5" y="3" width="5" height="18" rx="2.5" className="text-accent" />
      <rect x="17" y="13" width="5" height="8" rx="2.5" className="text-ink" />
    </svg>
  );
}

function LanguageSwitch({ language, label }: { language: Language; label: string }) {
  return (
    <form action="/preferences" method="post" aria-label={label} className="flex items-center text-sm">
      <PathField />
      <LanguageButton value="ru" name="По-русски" current={language} />
      <LanguageButton value="en" name="In English" current={language} />
    </form>
  );
}

function LanguageButton({ value, name, current }: { value: Language; name: string; current: Language }) {
  return (
    <button
      type="submit"
      name="language"
      value={value}
      lang={value}
      title={name}
      aria-pressed={value === current}
      className="min-h-9 min-w-9 rounded-md text-soft uppercase hover:text-accent aria-pressed:font-semibold aria-pressed:text-ink"
    >
      {value}
    </button>
  );
}

const nextTheme: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };

function ThemeSwitch({ theme, label }: { theme: Theme; label: string }) {
  return (
    <form action="/preferences" method="post" className="flex">
      <PathField />
      <button
        type="submit"
        name="theme"
        value={nextTheme[theme]}
        aria-label={label}
        title={label}
        className="grid size-9 place-items-center rounded-md text-soft hover:text-accent"
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 20 20"
          className="size-5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
        >
          {theme === 'auto' && (
            <>
              <circle cx="10" cy="10" r="6.5" />
              <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
            </>
          )}
          {theme === 'dark' && (
            <path d="M15.9 12.4A6.5 6.5 0 0 1 7.6 4.1a6.5 6.5 0 1 0 8.3 8.3z" strokeLinejoin="round" />
          )}
          {theme === 'light' && (
            <>
              <circle cx="10" cy="10" r="3.6" />
              <path
                strokeLinecap="round"
                d="M10 1.8v1.9M10 16.3v1.9M1.8 10h1.9M16.3 10h1.9M4.2 4.2l1.3 1.3M14.5 14.5l1.3 1.3M4.2 15.8l1.3-1.3M14.5 5.5l1.3-1.3"
              />
            </>
          )}
        </svg>
      </button>
    </form>
  );
}
