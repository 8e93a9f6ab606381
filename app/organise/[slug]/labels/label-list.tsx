import { type FormEvent, useState } from 'react';
import type { LabelFilter, LabelPage } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Field, Select } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { LabelRow } from './label-row.tsx';
import type { Place } from './texts.ts';
import { useDesk } from './use-desk.ts';

type Query = { text: string; only: LabelFilter; page: number };

const filters = ['all', 'changed', 'excluded'] as const;

/** The utterances of test, a page at a time. */
export function LabelList({ place, turn }: { place: Place; turn: number }) {
  const { t, slug } = place;
  const [query, setQuery] = useState<Query>({ text: '', only: 'all', page: 1 });
  const search = new URLSearchParams({ text: query.text, only: query.only, page: String(query.page) });
  const { value, refusal } = useDesk<LabelPage>(slug, `?${search}`, turn, null);
  return (
    <section aria-label={t('title')} className="space-y-5">
      <SearchForm place={place} onSearch={(found) => setQuery({ ...found, page: 1 })} />
      {refusal !== null && value !== null && <Notice kind="error">{refusal.sentence}</Notice>}
      {value !== null && (
        <>
          <p role="status" className="text-sm text-soft">
            {t('found', { count: value.total })}
          </p>
          <ul className="divide-y divide-rule border-y border-rule">
            {value.labels.map((label) => (
              <LabelRow key={label.id} place={place} label={label} turn={turn} />
            ))}
          </ul>
          <Pager
            place={place}
            page={query.page}
            pages={Math.ceil(value.total / value.pageSize)}
            onPage={(page) => setQuery({ ...query, page })}
          />
        </>
      )}
    </section>
  );
}

function SearchForm({ place: { t }, onSearch }: { place: Place; onSearch: (query: Omit<Query, 'page'>) => void }) {
  const [text, setText] = useState('');
  const [only, setOnly] = useState<LabelFilter>('all');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch({ text, only });
  };
  const choose = (value: string) => {
    const chosen = filters.find((filter) => filter === value) ?? 'all';
    setOnly(chosen);
    onSearch({ text, only: chosen });
  };
  return (
    <search>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-4">
        <Field
          label={t('search')}
          type="search"
          value={text}
          maxLength={200}
          className="min-w-56 grow"
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          label={t('only')}
          value={only}
          options={filters.map((filter) => ({ value: filter, label: t(`only-${filter}`) }))}
          onChange={(event) => choose(event.target.value)}
        />
        <Button type="submit" look="secondary">
          {t('find')}
        </Button>
      </form>
    </search>
  );
}

type PagerProps = { place: Place; page: number; pages: number; onPage: (page: number) => void };

function Pager({ place: { t }, page, pages, onPage }: PagerProps) {
  if (pages < 2) return null;
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Button look="secondary" size="small" disabled={page === 1} onClick={() => onPage(page - 1)}>
        {t('previous')}
      </Button>
      <span className="text-sm">{t('page', { page, pages })}</span>
      <Button look="secondary" size="small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {t('next')}
      </Button>
    </div>
  );
}
