'use client';

import type { Format } from '#lib/predictions/records.ts';
import type { Warning } from '#lib/predictions/report.ts';
import type { FileCheck } from './file-check.ts';
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
            <span className="text-soft">
              {texts.t('warning-lines', { lines: places.map((place) => place.line).join(', ') })}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function nameOf(format: Format | null, { t }: UploadTexts): string {
  return t(format === null ? 'format-unknown' : `format-${format}`);
}
