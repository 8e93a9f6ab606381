'use client';

import { errorRate, referenceLength } from '#lib/counts.ts';
import type { Format } from '#lib/predictions/records.ts';
import type { Warning } from '#lib/predictions/report.ts';
import type { OpenScore } from '#scoring/lab/open-score.ts';
import { Facts } from './facts.tsx';
import type { FileCheck } from './file-check.ts';
import { formatsFor } from './format.ts';
import { Notice } from './notice.tsx';
import { Problems } from './problems.tsx';
import type { UploadTexts } from './upload-texts.ts';

type Props = { texts: UploadTexts; check: FileCheck | 'checking' | null };

/** What reading the file here came to: its format, everything wrong with it, and what is worth a look. */
export function FileReport({ texts, check }: Props) {
  const { t } = texts;
  return (
    <div className="space-y-4">
      <p role="status" className={check === 'checking' ? 'text-soft' : 'sr-only'}>
        {check === 'checking' && t('checking')}
      </p>
      {check !== null && check !== 'checking' && <Found texts={texts} check={check} />}
    </div>
  );
}

function Found({ texts, check }: { texts: UploadTexts; check: FileCheck }) {
  const { t } = texts;
  switch (check.status) {
    case 'unchecked':
      return (
        <Notice kind="warning" live title={t('unchecked')}>
          {t('unchecked-text')}
        </Notice>
      );
    case 'sound':
      return (
        <>
          <Notice kind="success" live title={t('sound')}>
            {t('sound-text', { format: nameOf(check.format, texts), count: check.utterances })}
          </Notice>
          {check.score && <Score texts={texts} score={check.score} />}
          <Warnings texts={texts} warnings={check.warnings} />
        </>
      );
    case 'broken':
      return (
        <>
          <Notice kind="error" live title={t('broken', { count: check.total })}>
            {t('broken-text', { format: nameOf(check.format, texts) })}
          </Notice>
          <BrokenTable texts={texts} check={check} />
          <Warnings texts={texts} warnings={check.warnings} />
        </>
      );
  }
}

function BrokenTable({ texts, check }: { texts: UploadTexts; check: Extract<FileCheck, { status: 'broken' }> }) {
  const problems = check.problems.map(({ line, column, code, values }) => ({
    line,
    column,
    code,
    sentence: texts.problem(code, values),
  }));
  const isCut = problems.length < check.total;
  const more = isCut ? texts.t('broken-more', { shown: problems.length, total: check.total }) : null;
  return <Problems problems={problems} texts={texts.table} more={more} />;
}

function Warnings({ texts, warnings }: { texts: UploadTexts; warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <Notice kind="warning" live title={texts.t('warnings')}>
      <ul className="mt-1 list-disc space-y-1 pl-5">
        {warnings.map(({ code, values, places }) => (
          <li key={code}>
            {texts.problem(code, values)}{' '}
            {places.length > 0 && (
              <span className="text-soft">
                {texts.t('warning-lines', { lines: places.map((place) => place.line).join(', ') })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Of open data, where the file may be tried as often as one likes. */
function Score({ texts: { t, language }, score: { words, characters } }: { texts: UploadTexts; score: OpenScore }) {
  const { number, percent } = formatsFor(language);
  const counts = [words.substitutions, words.deletions, words.insertions].map((count) => number(count));
  return (
    <section aria-label={t('score-here')} className="rounded-2xl border border-rule bg-raised p-5">
      <Facts
        facts={[
          { term: t('score-dev'), value: <span className="text-3xl tracking-tight">{percent(errorRate(words))}</span> },
          {
            term: t('score-here-counts'),
            value: counts.join(' · '),
            note: t('score-here-words', { words: referenceLength(words) }),
          },
          { term: t('score-here-characters'), value: percent(errorRate(characters)) },
        ]}
      />
      <p className="mt-3 text-sm text-soft">{t('score-here-text')}</p>
    </section>
  );
}

function nameOf(format: Format | null, { t }: UploadTexts): string {
  return t(format === null ? 'format-unknown' : `format-${format}`);
}
