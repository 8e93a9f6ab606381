import type { Metadata } from 'next';
import { requireUser } from '#lib/auth.ts';
import type { CourseStudent } from '#lib/db/course-roster.ts';
import { listOwnSheets, type OwnSheet } from '#lib/db/course-sheets.ts';
import { findConsent, longestContact } from '#lib/db/shortlist.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import { pageLanguage } from '../../../language.ts';
import { pointsText } from '../../points.ts';
import { SheetTable } from '../../sheet-table.tsx';
import { type CourseVisit, courseVisit } from '../visit.ts';
import { agree, decline } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('course.tab-sheet') };
}

/** A student's own points as they were published last, and nobody else's. */
export default async function SheetPage({ params }: Props) {
  const { slug } = await params;
  const user = await requireUser();
  const v = await courseVisit(slug);
  const { t, own, course } = v;
  if (own === null) {
    return <EmptyState title={t('course.no-sheet')}>{t('course.not-on-roster', { email: user.email })}</EmptyState>;
  }
  const sheets = await listOwnSheets(webDatabase(), course.id, own.id);
  const [latest] = sheets;
  return (
    <>
      <PageTitle level={2} lead={[own.studentNumber, own.groupName].filter(Boolean).join(' · ')}>
        {own.name}
      </PageTitle>
      <div className="space-y-8">
        {latest === undefined ? (
          <EmptyState title={t('course.sheet-none')}>{t('course.sheet-none-text')}</EmptyState>
        ) : (
          <Latest visit={v} latest={latest} />
        )}
        {sheets.length > 1 && <History visit={v} sheets={sheets} />}
        <Consent visit={v} own={own} />
      </div>
    </>
  );
}

function Latest({ visit: v, latest: { sheet, row } }: { visit: CourseVisit; latest: OwnSheet }) {
  const { t, formats } = v;
  const at = formats.longInstant(sheet.publishedAt, sheet.timeZone);
  return (
    <section>
      <p className="mb-3 text-soft">
        {t('course.sheet-version', { version: sheet.version, at })} {!sheet.isComplete && t('course.sheet-so-far')}
      </p>
      <SheetTable words={v} sheet={sheet} row={row} />
      <p className="mt-3 text-sm text-soft">{t('course.sheet-zone', { zone: sheet.timeZone })}</p>
    </section>
  );
}

function History({ visit: v, sheets }: { visit: CourseVisit; sheets: readonly OwnSheet[] }) {
  const { t, print } = v;
  return (
    <Panel title={t('course.history')}>
      <Table
        caption={t('course.history-caption')}
        columns={[
          { label: t('course.column-version'), look: 'number' },
          { label: t('course.column-published') },
          { label: t('course.column-reason') },
          { label: t('course.total'), look: 'number' },
        ]}
      >
        {sheets.map(({ sheet, row }) => (
          <tr key={sheet.version}>
            <td className="number">{sheet.version}</td>
            <td className="whitespace-nowrap">{print(sheet.publishedAt)}</td>
            <td className="w-full">{sheet.reason || '—'}</td>
            <td className="number">{pointsText(v, row.total)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

async function Consent({ visit: { t, slug, course }, own }: { visit: CourseVisit; own: CourseStudent }) {
  const consent = await findConsent(webDatabase(), own.id);
  return (
    <Panel title={t('course.shortlist')}>
      <p className="mb-4 max-w-prose text-soft">{t('course.consent-text', { size: course.settings.shortlistSize })}</p>
      <ActionForm action={agree.bind(null, slug)} className="space-y-4" label={t('course.shortlist')}>
        <Field
          name="contact"
          label={t('course.contact')}
          hint={t('course.contact-hint')}
          defaultValue={consent?.contact}
          maxLength={longestContact}
          required
        />
        <SubmitButton look="secondary" pending={t('common.saving')}>
          {t(consent ? 'course.consent-change' : 'course.consent-give')}
        </SubmitButton>
      </ActionForm>
      {consent && (
        <ActionForm action={decline.bind(null, slug)} className="mt-3">
          <SubmitButton look="quiet" pending={t('common.saving')}>
            {t('course.consent-withdraw')}
          </SubmitButton>
        </ActionForm>
      )}
    </Panel>
  );
}
