import { LinkButton } from '#ui/button.tsx';
import type { StaffDesk } from '../staff.ts';

/** The ways from the programme to what else the evening needs, for whom each is. */
export function DefenceNav({ desk: { t, slug, role } }: { desk: StaffDesk }) {
  const here = `/organise/${slug}/defence`;
  return (
    <nav aria-label={t('defence.pages')} className="mb-8">
      <ul className="flex flex-wrap gap-3">
        <li>
          <LinkButton href={`${here}/stage`}>{t('stage.remote')}</LinkButton>
        </li>
        <li>
          <LinkButton href={`${here}/attendance`} look="secondary">
            {t('defence.attendance')}
          </LinkButton>
        </li>
        {role === 'organiser' && (
          <>
            <li>
              <LinkButton href={`${here}/jury`} look="secondary">
                {t('jury.title')}
              </LinkButton>
            </li>
            <li>
              <LinkButton href={`${here}/links`} look="secondary">
                {t('defence.links')}
              </LinkButton>
            </li>
          </>
        )}
      </ul>
    </nav>
  );
}
