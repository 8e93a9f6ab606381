import { usePathname } from 'next/navigation';
import { withNext } from '#lib/identity/local-path.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import type { Refusal } from './ask.ts';
import type { Place } from './texts.ts';

/** Why the desk said nothing or did not do it; `onAgain`: asks once more. */
export function DeskRefusal({ refusal, place, onAgain }: Props) {
  const path = usePathname();
  return (
    <Notice kind="error" live>
      <p>{refusal.sentence}</p>
      {refusal.code === 'confirm-yourself' && (
        <p className="mt-2">
          {/* In another tab: what is typed here stays, and the cookie is the same. */}
          <a href={withNext('/sign-in/again', path)} target="_blank" rel="noopener" className="link font-medium">
            {place.t('confirm-tab')}
          </a>
        </p>
      )}
      {onAgain !== undefined && (
        <Button look="secondary" size="small" className="mt-3" onClick={onAgain}>
          {place.t('again')}
        </Button>
      )}
    </Notice>
  );
}
type Props = { refusal: Refusal; place: Pick<Place, 't'>; onAgain?: () => void };
