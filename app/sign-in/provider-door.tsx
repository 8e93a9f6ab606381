import { buttonClass } from '#ui/button.tsx';
import { pageLanguage } from '../language.ts';

/** The way in by the OpenID provider, above the form for everybody else. */
export async function ProviderDoor({ name, href }: { name: string; href: string }) {
  const { t } = await pageLanguage();
  return (
    <div className="mb-6">
      {/* Not a <Link>: this address answers with a redirect to another site. */}
      <a href={href} className={`${buttonClass('secondary', 'normal')} w-full`}>
        {t('auth.sign-in-provider', { provider: name })}
      </a>
      <p className="mt-6 text-center text-soft">{t('auth.or')}</p>
    </div>
  );
}
