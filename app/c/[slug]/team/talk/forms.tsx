import type { User } from '#lib/auth.ts';
import type { KeptTalk } from '#lib/db/talks.ts';
import { talkLimits } from '#lib/talk.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Facts } from '#ui/facts.tsx';
import { Field, TextArea } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Visit } from '../../visit.ts';
import { nameMe, saveTalkText } from './actions.ts';

type TalkProps = { visit: Visit; talk: KeptTalk; isOpen: boolean };

export function TalkForm({ visit: { t, slug }, talk, isOpen }: TalkProps) {
  if (!isOpen) {
    const said = (text: string | null) => text || t('talk.nothing');
    return (
      <Facts
        facts={[
          { term: t('talk.talk-title'), value: said(talk.title) },
          { term: t('talk.description'), value: said(talk.description) },
          { term: t('talk.link'), value: said(talk.slidesLink) },
        ]}
      />
    );
  }
  return (
    <ActionForm action={saveTalkText.bind(null, slug)} className="space-y-5">
      <Field
        name="title"
        maxLength={talkLimits.title}
        label={t('talk.talk-title')}
        hint={t('talk.talk-title-hint')}
        defaultValue={talk.title}
      />
      <TextArea
        name="description"
        rows={6}
        maxLength={talkLimits.description}
        label={t('talk.description')}
        hint={t('talk.description-hint', { longest: talkLimits.description })}
        defaultValue={talk.description}
      />
      <Field
        type="url"
        name="slidesLink"
        label={t('talk.link')}
        hint={t('talk.link-hint')}
        defaultValue={talk.slidesLink ?? ''}
        autoComplete="off"
      />
      <SubmitButton pending={t('talk.saving')}>{t('talk.save')}</SubmitButton>
    </ActionForm>
  );
}

type Speaker = { userId: string; account: string; name: string | null };
type NameProps = { visit: Visit; user: User; speakers: readonly Speaker[] };

/** Everybody says for themselves how, and whether, the public reads their name. */
export function OwnName({ visit: { t, slug }, user, speakers }: NameProps) {
  const own = speakers.find(({ userId }) => userId === user.id);
  return (
    <Panel title={t('talk.speakers')}>
      <ul className="mb-4 space-y-1">
        {speakers.map(({ userId, account, name }) => (
          <li key={userId}>
            {account}: {name === null ? <span className="text-soft">{t('talk.unnamed')}</span> : <b>{name}</b>}
          </li>
        ))}
      </ul>
      <ActionForm action={nameMe.bind(null, slug)} className="space-y-4">
        <Field
          name="name"
          maxLength={talkLimits.speaker}
          label={t('talk.own-name')}
          hint={t('talk.own-name-hint')}
          defaultValue={own?.name ?? ''}
        />
        <SubmitButton look="secondary" pending={t('talk.saving')}>
          {t('talk.save-name')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
