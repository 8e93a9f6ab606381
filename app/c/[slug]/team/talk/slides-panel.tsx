import type { KeptTalk } from '#lib/db/talks.ts';
import type { Team } from '#lib/db/teams.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { maxSlidesBytes } from '#lib/pdf.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Visit } from '../../visit.ts';
import { removeSlides } from './actions.ts';
import { SlidesPicker } from './slides-picker.tsx';

type Props = { visit: Visit; team: Team; talk: KeptTalk; isOpen: boolean };

/** The file that is shown on the stage, and a new one in its place. */
export function SlidesPanel({ visit: { t, formats, slug, language }, team, talk: { slides }, isOpen }: Props) {
  return (
    <Panel title={t('talk.slides')}>
      {slides === null ? (
        <p className="mb-4 text-soft">{t('talk.slides-none')}</p>
      ) : (
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          <a href={`/c/${slug}/defence/${team.id}/slides`} className="link min-w-0 break-all">
            {slides.name} <span className="text-soft">{formats.bytes(slides.bytes)}</span>
          </a>
          {isOpen && (
            <ActionForm action={removeSlides.bind(null, slug)}>
              <SubmitButton look="secondary" size="small" pending={t('talk.saving')}>
                {t('talk.slides-remove')}
              </SubmitButton>
            </ActionForm>
          )}
        </div>
      )}
      {isOpen && (
        <SlidesPicker
          slug={slug}
          maxBytes={maxSlidesBytes}
          hasSlides={slides !== null}
          texts={{ messages: messagesOf('talk', language), language }}
        />
      )}
    </Panel>
  );
}
