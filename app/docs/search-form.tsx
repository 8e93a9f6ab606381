import { pageLanguage } from '../language.ts';

/** Leads to the page of results: works without JavaScript. */
export async function SearchForm({ query = '' }: { query?: string | undefined }) {
  const { t } = await pageLanguage();
  return (
    <search>
      <form action="/docs/search" className="flex gap-2">
        <input
          type="search"
          name="q"
          defaultValue={query}
          maxLength={200}
          aria-label={t('docs.search')}
          placeholder={t('docs.search-hint')}
          className="control min-w-0"
        />
        <button
          type="submit"
          aria-label={t('docs.search-go')}
          className="grid w-11 shrink-0 place-items-center rounded-lg border border-line text-soft hover:border-ink hover:text-ink"
        >
          <svg
            aria-hidden="true"
            viewBox="0 0 20 20"
            className="size-5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
          >
            <circle cx="8.5" cy="8.5" r="5.5" />
            <path d="M12.8 12.8 17 17" strokeLinecap="round" />
          </svg>
        </button>
      </form>
    </search>
  );
}
