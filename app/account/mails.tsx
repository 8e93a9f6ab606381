import { nameOf } from '#lib/competition.ts';
import { getMailChoices } from '#lib/db/mail-choices.ts';
import { webDatabase } from '#lib/db/web.ts';
import { optionalCategories } from '#lib/mail/categories.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Checkbox } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../language.ts';
import { chooseMails } from './actions.ts';

/** Which mails somebody gets, by kind and by competition, and which nobody can refuse. */
export async function Mails({ userId }: { userId: string }) {
  const { t, language } = await pageLanguage();
  const { refused, mutes } = await getMailChoices(webDatabase(), userId);
  return (
    <div id="mails" className="scroll-mt-6">
      <Panel title={t('mail.settings-title')}>
        <p className="mb-5 text-soft">{t('mail.settings-lead')}</p>
        <ActionForm action={chooseMails} className="space-y-5" label={t('mail.settings-title')}>
          <fieldset className="space-y-2">
            <legend className="mb-2 font-semibold">{t('mail.settings-about')}</legend>
            {optionalCategories.map((category) => (
              <Checkbox
                key={category}
                name={category}
                label={t(`mail.about-${category}`)}
                defaultChecked={!refused.includes(category)}
              />
            ))}
          </fieldset>
          <p className="text-soft">{t('mail.settings-always')}</p>
          {mutes.length > 0 && (
            <fieldset className="space-y-2">
              <legend className="mb-2 font-semibold">{t('mail.settings-quiet')}</legend>
              {mutes.map(({ id, competition, isMuted }) => (
                <Checkbox
                  key={id}
                  name={`quiet-${id}`}
                  label={nameOf(competition, language)}
                  defaultChecked={isMuted}
                />
              ))}
            </fieldset>
          )}
          <SubmitButton pending={t('common.saving')}>{t('common.save')}</SubmitButton>
        </ActionForm>
      </Panel>
    </div>
  );
}
