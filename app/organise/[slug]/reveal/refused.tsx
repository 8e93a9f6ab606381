import { usePathname } from 'next/navigation';
import { withNext } from '#lib/identity/local-path.ts';
import { Notice } from '#ui/notice.tsx';
import type { Refusal } from '#ui/post.ts';
import type { RevealTexts } from '#ui/reveal-remote.tsx';

/** Why the desk did not do it. Where it wants to know who is there, in another tab: what is on this one stays. */
export function Refused({ refusal: { code, sentence }, t }: { refusal: Refusal; t: RevealTexts }) {
  const path = usePathname();
  return (
    <Notice kind="error" live className="mt-4">
      <p>{sentence}</p>
      {code === 'confirm-yourself' && (
        <p className="mt-2">
          <a href={withNext('/sign-in/again', path)} target="_blank" rel="noopener" className="link font-medium">
            {t('confirm-tab')}
          </a>
        </p>
      )}
    </Notice>
  );
}
