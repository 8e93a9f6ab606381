import type { Metadata } from 'next';
import { z } from 'zod';
import { messagesOf } from '#lib/messages/translate.ts';
import { isProfileName, profileNames } from '#scoring/wer/normalise.ts';
import { Command } from '#ui/command.tsx';
import type { Option } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { showText } from './actions.ts';
import { type Choice, choices } from './choices.ts';
import { LookForm } from './form.tsx';
import { RuleList } from './rule-list.tsx';
import { see } from './see.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

/** What a link may ask for; anything else in the address asks for nothing. */
const Query = z.object({ text: z.string().catch(''), profile: z.enum(choices).catch('own') });

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('scoring.normalise-title') };
}

export default async function NormalisePage({ params, searchParams }: Props) {
  const v = await visit((await params).slug);
  const { text, profile: choice } = Query.parse(await searchParams);
  const { t, language, slug } = v;
  const asked = { text, choice };
  const seen = text === '' ? null : see(asked, v);
  return (
    <>
      <PageTitle level={2} lead={t('scoring.normalise-lead')}>
        {t('scoring.normalise-title')}
      </PageTitle>
      <LookForm
        action={showText.bind(null, slug)}
        asked={asked}
        first={seen}
        options={choices.map((each) => optionOf(each, v))}
        messages={messagesOf('scoring', language)}
        language={language}
      />
      <div className="mt-10 space-y-8">
        <OwnRules visit={v} />
        <OtherRules visit={v} />
        <ShellCommand visit={v} />
      </div>
    </>
  );
}

function optionOf(choice: Choice, { t, competition: { profile, mapping } }: Visit): Option {
  if (choice !== 'own') return { value: choice, label: t(`organise.profile-${choice}`) };
  return {
    value: choice,
    label: t(mapping === null ? 'scoring.normalise-own' : 'scoring.normalise-own-mapped', { profile }),
  };
}

function OwnRules({ visit: { t, slug, competition: c } }: { visit: Visit }) {
  if (!isProfileName(c.profile)) return null;
  return (
    <Panel
      title={t('scoring.normalise-rules', { profile: c.profile })}
      aside={
        c.mapping !== null && (
          <a href={`/api/v1/competitions/${slug}/mapping.csv`} download className="link">
            {t('competition.rule-mapping-download')}
          </a>
        )
      }
    >
      <div className="max-w-prose">
        <RuleList t={t} profile={c.profile} mapping={c.mapping} />
      </div>
    </Panel>
  );
}

function OtherRules({ visit: { t, competition } }: { visit: Visit }) {
  return (
    <details>
      <summary className="w-fit font-medium">{t('scoring.normalise-others')}</summary>
      <div className="mt-4 max-w-prose space-y-5">
        {profileNames
          .filter((profile) => profile !== competition.profile)
          .map((profile) => (
            <section key={profile}>
              <h3 className="mb-1 font-semibold">{profile}</h3>
              <RuleList t={t} profile={profile} mapping={null} />
            </section>
          ))}
      </div>
    </details>
  );
}

function ShellCommand({ visit: { t, slug, competition: c } }: { visit: Visit }) {
  const mapping = c.mapping === null ? '' : ` --mapping ${slug}-mapping.csv`;
  const command = `rostrum normalise --profile ${c.profile}${mapping} < texts.txt`;
  return (
    <Panel title={t('scoring.normalise-shell')}>
      <p className="mb-2 text-soft">{t('scoring.normalise-shell-text')}</p>
      <Command t={t} text={command} />
    </Panel>
  );
}
