import { listIdentities } from '#lib/db/identities.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { type SignInProvider, signInProviders } from '#lib/identity/sign-in-providers.ts';
import { buttonClass } from '#ui/button.tsx';
import { pageLanguage } from '../language.ts';

/** The ways in by outside services, above the form for everybody else. */
export async function ProviderDoors({ next }: { next: string }) {
  return <Doors providers={signInProviders(webEnv())} query="" next={next} />;
}

/** For who has to prove anew who they are: by services of theirs that can be made to ask. GitHub lets in whoever its cookie names. */
export async function AskingProviderDoors({ userId, next }: { userId: string; next: string }) {
  const linked = await listIdentities(webDatabase(), userId);
  const isLinked = ({ key }: SignInProvider) => linked.some(({ provider }) => provider === key);
  const asking = signInProviders(webEnv()).filter((one) => one.id === 'oidc' && isLinked(one));
  return <Doors providers={asking} query="&again=yes" next={next} />;
}

type DoorsProps = { providers: readonly SignInProvider[]; query: string; next: string };

async function Doors({ providers, query, next }: DoorsProps) {
  const { t } = await pageLanguage();
  if (providers.length === 0) return null;
  return (
    <div className="mb-6">
      <div className="space-y-3">
        {providers.map(({ id, name }) => (
          // Not a <Link>: this address answers with a redirect to another site.
          <a
            key={id}
            href={withNext(`/sign-in/provider?by=${id}${query}`, next)}
            className={`${buttonClass('secondary', 'normal')} w-full`}
          >
            {t('auth.sign-in-provider', { provider: name })}
          </a>
        ))}
      </div>
      <p className="mt-6 text-center text-soft">{t('auth.or')}</p>
    </div>
  );
}
