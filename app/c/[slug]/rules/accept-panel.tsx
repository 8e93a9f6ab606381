import { isOpen, windows } from '#lib/competition.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Visit } from '../visit.ts';
import { accept } from './actions.ts';

/** The button, or why there is none. `next` is where the reader was going when the rules came between. */
export function AcceptPanel({ visit, isRegistered, next }: { visit: Visit; isRegistered: boolean; next: string }) {
  return (
    <div id="accept" className="scroll-mt-6">
      <Panel title={visit.t('competition.accept-title')}>
        <Body visit={visit} isRegistered={isRegistered} next={next} />
      </Panel>
    </div>
  );
}

function Body({ visit, isRegistered, next }: { visit: Visit; isRegistered: boolean; next: string }) {
  const { t, formats, competition: c, slug, now, user } = visit;
  if (!isRegistered && !isOpen(windows(c).registration, now)) {
    const start = formats.instant(c.registrationStartsAt, c.timeZone);
    const end = formats.instant(c.registrationEndsAt, c.timeZone);
    if (now < c.registrationStartsAt) return <p>{t('competition.accept-later', { start })}</p>;
    return <p>{t('competition.accept-closed', { end })}</p>;
  }
  if (user === null) {
    const here = next === '' ? `/c/${slug}/rules` : withNext(`/c/${slug}/rules`, next);
    return (
      <>
        <p className="mb-4">{t('competition.accept-sign-in')}</p>
        <LinkButton href={withNext('/sign-in', here)}>{t('common.sign-in')}</LinkButton>
      </>
    );
  }
  return (
    <ActionForm action={accept.bind(null, slug)}>
      <p className="mb-4 max-w-prose">{t('competition.accept-text')}</p>
      <input type="hidden" name="version" value={c.rulesVersion} />
      <input type="hidden" name="next" value={next} />
      <SubmitButton pending={t('competition.accepting')}>{t('competition.accept')}</SubmitButton>
    </ActionForm>
  );
}
