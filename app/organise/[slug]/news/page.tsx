import type { Metadata } from 'next';
import { type Announcement, listAllAnnouncements } from '#lib/db/announcements.ts';
import { listMemberIds } from '#lib/db/notices.ts';
import { webDatabase } from '#lib/db/web.ts';
import { bodyIn, titleIn } from '#lib/news.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Checkbox, Field } from '#ui/field.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { MarkdownEditor } from '#ui/markdown-editor.tsx';
import { pageOf } from '#ui/page-links.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { editedText, editorTexts } from '../edited-text.tsx';
import { ListPages } from '../list-pages.tsx';
import { previewText } from '../preview-action.tsx';
import { type StaffDesk, staff } from '../staff.ts';
import { editNews, publishNews, withdrawNews } from './actions.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

const pageSize = 10;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('news.title') };
}

/** What was announced, withdrawn ones too; organisers publish, edit and withdraw. */
export default async function NewsDeskPage({ params, searchParams }: Props) {
  const d = await staff((await params).slug);
  const { t } = d;
  const all = await listAllAnnouncements(webDatabase(), d.competition.id);
  const part = pageOf((await searchParams).page, all.length, pageSize);
  const readers = await listMemberIds(webDatabase(), d.competition.id);
  return (
    <>
      <PageTitle lead={t('news.desk-lead')}>{t('news.title')}</PageTitle>
      <div className="space-y-6">
        {d.role === 'organiser' ? (
          <New desk={d} readers={readers.length} before={all.length} />
        ) : (
          <p>{t('news.assistants')}</p>
        )}
        <h2 className="text-xl font-semibold tracking-tight">{t('news.list')}</h2>
        {all.length === 0 && <p className="text-soft">{t('news.desk-none')}</p>}
        {all.slice(part.offset, part.offset + pageSize).map((announcement) => (
          <Published key={announcement.id} desk={d} announcement={announcement} />
        ))}
        <ListPages desk={d} path="/news" {...part} />
      </div>
    </>
  );
}

/** `before`: how many there are already. Once this one is among them, the fields are new ones and empty. */
function New({ desk, readers, before }: { desk: StaffDesk; readers: number; before: number }) {
  const { t, slug } = desk;
  return (
    <Panel title={t('news.new')}>
      <ActionForm action={publishNews.bind(null, slug)} className="space-y-5">
        <Texts key={before} desk={desk} draft={`new:${before}`} />
        <Checkbox name="byMail" label={t('news.by-mail', { count: readers })} />
        <SubmitButton pending={t('news.publishing')}>{t('news.publish')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

type TextsProps = { desk: StaffDesk; draft: string; text?: Announcement };

function Texts({ desk: { t, slug, language }, draft, text }: TextsProps) {
  return (
    <>
      <div className="grid gap-5 lg:grid-cols-2">
        <Field
          name="titleRu"
          label={t('news.title-ru')}
          hint={t('news.title-hint')}
          maxLength={200}
          defaultValue={text?.titleRu}
        />
        <Field name="titleEn" label={t('news.title-en')} maxLength={200} defaultValue={text?.titleEn} />
      </div>
      <MarkdownEditor
        legend={t('console.announcement')}
        draft={`${slug}:news:${draft}`}
        versions={{
          ru: editedText('bodyRu', t('news.body-ru'), text?.bodyRu ?? ''),
          en: editedText('bodyEn', t('news.body-en'), text?.bodyEn ?? ''),
        }}
        language={language}
        texts={editorTexts(t)}
        preview={previewText.bind(null, slug)}
        rows={8}
        maxLength={20_000}
      />
    </>
  );
}

function Published({ desk: d, announcement: a }: { desk: StaffDesk; announcement: Announcement }) {
  const { t, print, language } = d;
  return (
    <Panel
      as="article"
      title={titleIn(a, language)}
      aside={
        <>
          {t('news.at', { at: print(a.publishedAt) })}
          {a.editedAt && ` · ${t('news.edited', { at: print(a.editedAt) })}`}{' '}
          {a.withdrawnAt && <Chip look="warn">{t('news.withdrawn', { at: print(a.withdrawnAt) })}</Chip>}
        </>
      }
    >
      <Markdown>{bodyIn(a, language)}</Markdown>
      {d.role === 'organiser' && a.withdrawnAt === null && <Change desk={d} announcement={a} />}
    </Panel>
  );
}

function Change({ desk, announcement: a }: { desk: StaffDesk; announcement: Announcement }) {
  const { t, slug, language } = desk;
  const title = titleIn(a, language);
  return (
    <div className="mt-4 space-y-4">
      <details>
        <summary className="cursor-pointer font-medium">{t('news.edit')}</summary>
        <ActionForm key={a.edition} action={editNews.bind(null, slug)} className="mt-4 space-y-5">
          <input type="hidden" name="announcement" value={a.id} />
          <input type="hidden" name="edition" value={a.edition} />
          <Texts desk={desk} draft={`${a.id}:${a.edition}`} text={a} />
          <SubmitButton look="secondary" pending={t('news.saving')}>
            {t('news.save')}
          </SubmitButton>
        </ActionForm>
      </details>
      <ConfirmForm
        action={withdrawNews.bind(null, slug)}
        look="danger"
        size="small"
        trigger={t('news.withdraw')}
        label={`${t('news.withdraw')}: ${title}`}
        title={t('news.withdraw-title')}
        confirm={t('news.withdraw')}
        pending={t('news.saving')}
        cancel={t('common.cancel')}
      >
        <input type="hidden" name="announcement" value={a.id} />
        <p>{t('news.withdraw-text', { title })}</p>
        <Field name="reason" label={t('news.withdraw-reason')} maxLength={500} />
      </ConfirmForm>
    </div>
  );
}
