import { findBaseline } from '#lib/db/overview.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { Chip } from '#ui/chip.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { BaselineForm } from './baseline-form.tsx';
import type { Desk } from './desk.ts';
import { Section } from './section.tsx';

/** The file to beat: what is pinned, and the form that pins another. */
export async function BaselineSection({ desk: { t, language, competition, slug } }: { desk: Desk }) {
  const baseline = await findBaseline(webDatabase(), competition.id);
  const hasTest = (await sumSplits(webDatabase(), competition.id)).some(({ split }) => split === 'test');
  const messages = {
    language,
    upload: messagesOf('upload', language),
    problems: messagesOf('problems', language),
    table: problemsTexts(t),
  };
  const texts = {
    name: t('organise.baseline-name'),
    note: t('organise.baseline-note'),
    code: t('organise.baseline-code'),
    pin: t('organise.baseline-pin'),
    pinning: t('organise.baseline-pinning'),
    pinned: t('organise.baseline-pinned'),
  };
  return (
    <Section id="baseline" title={t('organise.section-baseline')}>
      {baseline === null ? (
        <p className="mb-5 max-w-prose text-soft">{t('organise.baseline-none')}</p>
      ) : (
        <p className="mb-5">
          <b className="font-semibold">{baseline.name}</b>{' '}
          <Chip look={baseline.state === 'scored' ? 'good' : 'plain'}>{t(`upload.state-${baseline.state}`)}</Chip>{' '}
          {t('organise.baseline-now', { file: baseline.fileName })}.{' '}
          <span className="text-soft">{t('organise.baseline-replace')}</span>
        </p>
      )}
      {hasTest ? (
        <BaselineForm
          checkedFor={{ slug, profile: competition.profile, hasMapping: competition.mapping !== null }}
          messages={messages}
          texts={texts}
          name={baseline?.name ?? 'Baseline'}
        />
      ) : (
        <p>{t('organise.baseline-needs-data')}</p>
      )}
    </Section>
  );
}
