import Link from 'next/link';
import { errorsOf } from '#lib/counts.ts';
import { countsAt } from '#scoring/columns.ts';
import { Button } from '#ui/button.tsx';
import { Select } from '#ui/field.tsx';
import { type LabQuery, labHref, sliceText, sorts } from './query.ts';
import type { Lab } from './view.ts';

const pageSize = 50;

/** Utterances that the filters leave, a page at a time; the one that is looked at is marked. */
export function UtteranceList({ lab, shown }: { lab: Lab; shown: readonly number[] }) {
  const { visit: v, query } = lab;
  const { t } = v;
  const lastPage = Math.max(1, Math.ceil(shown.length / pageSize));
  const page = Math.min(query.page, lastPage);
  const from = (page - 1) * pageSize;
  const rows = shown.slice(from, from + pageSize);
  const range = { from: from + 1, to: from + rows.length, total: shown.length };
  return (
    <section aria-labelledby="list" className="min-w-0 rounded-2xl border border-rule bg-raised p-4">
      <div className="mb-3 flex items-baseline justify-between gap-4 px-1">
        <h2 id="list" className="text-lg font-semibold tracking-tight">
          {t('lab.list')}
        </h2>
        {rows.length > 0 && <p className="text-sm text-soft">{t('lab.list-of', range)}</p>}
      </div>
      <Filters lab={lab} />
      <Having lab={lab} />
      {rows.length === 0 && <p className="px-1 py-4 text-soft">{t('lab.list-none')}</p>}
      <ol className="relative max-h-72 overflow-y-auto lg:max-h-[40rem]">
        {rows.map((i) => (
          <Row key={i} lab={lab} i={i} isShown={i === (chosenOf(lab, shown) ?? -1)} />
        ))}
      </ol>
      {lastPage > 1 && <Pages lab={lab} page={page} lastPage={lastPage} />}
    </section>
  );
}

/** The utterance that the address names, else the list's first. */
export function chosenOf({ split, query }: Lab, shown: readonly number[]): number | null {
  const named = split.utterances.findIndex(({ id }) => id === query.utterance);
  if (named >= 0) return named;
  return shown[(Math.min(query.page, Math.ceil(shown.length / pageSize)) - 1) * pageSize] ?? null;
}

function Row({ lab, i, isShown }: { lab: Lab; i: number; isShown: boolean }) {
  const { visit: v, split, analysis, query } = lab;
  const { id, references } = split.utterances[i]!;
  const errors = errorsOf(countsAt(analysis.words, i));
  return (
    <li>
      <Link
        href={`${labHref(v.slug, query, { utterance: id })}#utterance`}
        prefetch={false}
        aria-current={isShown ? 'true' : undefined}
        className="flex items-baseline justify-between gap-3 rounded-lg px-2.5 py-2 hover:bg-sunk aria-[current]:bg-sunk aria-[current]:font-semibold"
      >
        <span className="min-w-0">
          <span className="block truncate">{references[0] || '—'}</span>
          <span className="block truncate text-sm font-normal text-soft">{id}</span>
        </span>
        <span className={errors > 0 ? 'font-semibold text-bad' : 'text-soft'}>
          <span aria-hidden="true">{v.formats.number(errors)}</span>
          <span className="sr-only">{v.t('lab.errors-of', { errors })}</span>
        </span>
      </Link>
    </li>
  );
}

function Filters({ lab }: { lab: Lab }) {
  const { visit: v, query, analysis } = lab;
  const { t, slug } = v;
  const slices = analysis.slices.flatMap(({ key, values }) =>
    values.map(({ value }) => ({ value: sliceText([key, value]), label: `${key}: ${value}` })),
  );
  const lengths = analysis.lengths.map(({ value }) => ({ value, label: t(`lab.length-${value}`) }));
  const all = { value: '', label: t('lab.all') };
  return (
    <form key={labHref(slug, query)} action={`/c/${slug}/lab#list`} className="mb-3 grid gap-3 px-1">
      <Hidden name="file" value={query.file} />
      <Hidden name="against" value={query.against} />
      <Hidden name="has" value={query.has} />
      <Select
        name="sort"
        label={t('lab.sort')}
        options={sorts.map((sort) => ({ value: sort, label: t(`lab.sort-${sort}`) }))}
        defaultValue={query.sort}
      />
      {slices.length > 0 && (
        <Select
          name="slice"
          label={t('lab.slice')}
          options={[all, ...slices]}
          defaultValue={query.slice ? sliceText(query.slice) : ''}
        />
      )}
      {lengths.length > 1 && (
        <Select name="length" label={t('lab.length')} options={[all, ...lengths]} defaultValue={query.length ?? ''} />
      )}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="secondary" size="small">
          {t('lab.show')}
        </Button>
        {(query.slice || query.length || query.has) && (
          <Link href={labHref(slug, query, { slice: null, length: null, has: null })} prefetch={false} className="link">
            {t('lab.list-reset')}
          </Link>
        )}
      </div>
    </form>
  );
}

function Hidden({ name, value }: { name: keyof LabQuery; value: string | null }) {
  return value === null ? null : <input type="hidden" name={name} value={value} />;
}

/** The kind of error that the list was narrowed to, as people write it. */
function Having({ lab: { visit, query } }: { lab: Lab }) {
  if (query.has === null) return null;
  const [kind, ...words] = query.has.split(' ');
  const name = kind === 'd' ? 'deletion' : 'insertion';
  const error = kind === 's' ? words.join(' → ') : `${visit.t(`lab.${name}`)} ${words.join(' ')}`;
  return <p className="mb-2 px-1 text-sm text-soft">{visit.t('lab.has', { error })}</p>;
}

function Pages({ lab, page, lastPage }: { lab: Lab; page: number; lastPage: number }) {
  const { visit: v, query } = lab;
  const href = (number: number) => `${labHref(v.slug, query, { page: number, utterance: null })}#list`;
  return (
    <nav aria-label={v.t('lab.pages')} className="mt-3 flex justify-between gap-6 px-1">
      {page > 1 ? (
        <Link href={href(page - 1)} className="link" prefetch={false}>
          ← {v.t('lab.page-previous')}
        </Link>
      ) : (
        <span />
      )}
      {page < lastPage && (
        <Link href={href(page + 1)} className="link" prefetch={false}>
          {v.t('lab.page-next')} →
        </Link>
      )}
    </nav>
  );
}
