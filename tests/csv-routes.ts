import type { NamedTest } from './test-names.ts';

/** What a table is of, for its address. */
export type TablePlace = { slug: string; homework: string };

/** `address`: of a table with a name in it; `test`: where its cells are looked at; `because`: names nobody. */
export type CsvRoute = { address(place: TablePlace): string } | { test: NamedTest } | { because: string };

/**
 * Every route that has to do with CSV, and how it is known that no name in it becomes a formula in a spreadsheet. A new one fails a test
 * until it stands here.
 */
export const csvRoutes: Record<string, CsvRoute> = {
  'app/api/v1/competitions/[slug]/data/route.ts': { because: 'it lists addresses, in JSON' },
  'app/api/v1/competitions/[slug]/data/[file]/route.ts': {
    because: 'ids and texts of recordings as organisers brought them, which programs read back',
  },
  'app/api/v1/competitions/[slug]/leaderboard/route.ts': {
    address: ({ slug }) => `/api/v1/competitions/${slug}/leaderboard?format=csv`,
  },
  'app/api/v1/competitions/[slug]/mapping.csv/route.ts': {
    because: 'rules of organisers, which programs read back: an apostrophe would be another rule',
  },
  'app/c/[slug]/lab/download/route.ts': {
    test: { file: 'tests/unit/lab.test.ts', test: 'has every utterance, and no cell that starts a formula' },
  },
  'app/course/[slug]/manage/export/[file]/route.ts': {
    address: ({ slug }) => `/course/${slug}/manage/export/sheet.csv`,
  },
  'app/course/[slug]/manage/results/table.csv/route.ts': {
    address: ({ slug, homework }) => `/course/${slug}/manage/results/table.csv?homework=${homework}`,
  },
  'app/organise/[slug]/defence/jury/marks.csv/route.ts': {
    address: ({ slug }) => `/organise/${slug}/defence/jury/marks.csv`,
  },
  'app/organise/[slug]/log/events.csv/route.ts': { address: ({ slug }) => `/organise/${slug}/log/events.csv` },
};
