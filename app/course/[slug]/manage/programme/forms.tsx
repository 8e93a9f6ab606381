import { writeMaterials } from '#lib/course/programme.ts';
import { homeworkPoints, offeredDays } from '#lib/course/settings.ts';
import type { HomeworkRow, Lecture } from '#lib/db/course-programme.ts';
import { titleIn } from '#lib/news.ts';
import { addDays, toLocalInput } from '#lib/time.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field, Select, TextArea } from '#ui/field.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { CourseDesk } from '../desk.ts';
import { dropHomework, dropLecture, writeHomework, writeLecture } from './actions.ts';

/** Of a new homework two and four weeks after today are offered. */
export function HomeworkForm({
  desk: { t, slug, course, now },
  homework: h,
}: {
  desk: CourseDesk;
  homework?: HomeworkRow;
}) {
  const offer = (days: number) => addDays(now, days, course.timeZone);
  const field = (name: 'handedOutAt' | 'softAt' | 'hardAt', label: string, offered: Date) => (
    <Field
      type="datetime-local"
      name={name}
      label={label}
      required
      defaultValue={toLocalInput(h?.[name] ?? offered, course.timeZone)}
    />
  );
  return (
    <ActionForm action={writeHomework.bind(null, slug)} className="space-y-4" label={t('course.homework')}>
      <input type="hidden" name="id" value={h?.id ?? ''} />
      <Titles t={t} row={h} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          name="maxPoints"
          label={t('course.field-max-points')}
          inputMode="decimal"
          required
          defaultValue={h?.maxPoints ?? homeworkPoints}
        />
        <Field type="url" name="link" label={t('course.field-link')} defaultValue={h?.link ?? ''} />
        {field('handedOutAt', t('course.field-handed-out-at'), now)}
        {field('softAt', t('course.field-soft'), offer(offeredDays.soft))}
        {field('hardAt', t('course.field-hard'), offer(offeredDays.hard))}
      </div>
      <SubmitButton look="secondary" pending={t('common.saving')}>
        {t(h ? 'common.save' : 'course.add')}
      </SubmitButton>
    </ActionForm>
  );
}

type LectureProps = { desk: CourseDesk; lecture?: Lecture; homeworks: readonly HomeworkRow[] };

export function LectureForm({ desk: { t, slug, course, now, language }, lecture: l, homeworks }: LectureProps) {
  const belongs = l?.isProject ? 'project' : (l?.homeworkId ?? '');
  const options = [
    { value: '', label: t('course.belongs-nothing') },
    ...homeworks.map(({ id, ...titles }) => ({ value: id, label: titleIn(titles, language) })),
    { value: 'project', label: t('course.project') },
  ];
  return (
    <ActionForm action={writeLecture.bind(null, slug)} className="space-y-4" label={t('course.lecture')}>
      <input type="hidden" name="id" value={l?.id ?? ''} />
      <Titles t={t} row={l} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          type="datetime-local"
          name="heldAt"
          label={t('course.field-held-at')}
          required
          defaultValue={toLocalInput(l?.heldAt ?? now, course.timeZone)}
        />
        <Select name="belongs" label={t('course.belongs')} options={options} defaultValue={belongs} />
      </div>
      <TextArea
        name="materials"
        label={t('course.materials')}
        hint={t('course.materials-hint')}
        rows={3}
        defaultValue={writeMaterials(l?.materials ?? [])}
      />
      <SubmitButton look="secondary" pending={t('common.saving')}>
        {t(l ? 'common.save' : 'course.add')}
      </SubmitButton>
    </ActionForm>
  );
}

function Titles({ t, row }: { t: CourseDesk['t']; row: { titleRu: string; titleEn: string } | undefined }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field name="titleRu" label={t('course.title-ru')} maxLength={200} defaultValue={row?.titleRu} />
      <Field name="titleEn" label={t('course.title-en')} maxLength={200} defaultValue={row?.titleEn} />
    </div>
  );
}

type RemovalProps = { desk: CourseDesk; id: string; title: string; kind: 'homework' | 'lecture' };

export function Removal({ desk: { t, slug }, id, title, kind }: RemovalProps) {
  const action = kind === 'homework' ? dropHomework : dropLecture;
  return (
    <ConfirmForm
      action={action.bind(null, slug)}
      look="danger"
      size="small"
      trigger={t('course.remove')}
      label={`${t('course.remove')}: ${title}`}
      title={t('course.remove-title', { title })}
      confirm={t('course.remove')}
      pending={t('common.saving')}
      cancel={t('common.cancel')}
    >
      <input type="hidden" name="id" value={id} />
      <p>{t(`course.remove-${kind}`)}</p>
    </ConfirmForm>
  );
}
