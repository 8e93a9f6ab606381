import { webEnv } from '#lib/env.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { Notice } from '#ui/notice.tsx';
import { pageLanguage } from '../language.ts';
import type { Query } from './way-back.ts';

/** To somebody who has just signed out here: the service that they may have come by still knows them. */
export async function LeftNotice({ search }: { search: Query }) {
  const { t } = await pageLanguage();
  const provider = signInProviders(webEnv()).find(({ id }) => id === search.left);
  if (provider === undefined) return null;
  return (
    <Notice kind="success" className="mb-6">
      <p>{t('ways.left', { provider: provider.name })}</p>
      <p className="mt-2">
        {/* Not a <Link>: this address answers with a redirect to another site. */}
        <a href={`/sign-in/provider/leave?by=${provider.id}`} className="link font-medium">
          {t('ways.leave', { provider: provider.name })}
        </a>
      </p>
    </Notice>
  );
}
