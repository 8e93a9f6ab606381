import type { Waiting } from '#lib/db/overview.ts';
import type { MessageKey } from '#lib/messages/translate.ts';

/** What the pages of the console are about, in the order in which they stand. */
const consoleGroups = ['event', 'people', 'settings', 'data', 'finale'] as const;
export type ConsoleGroup = (typeof consoleGroups)[number];

/**
 * A page of the console: a new one is a line in the table below. `path` is added to `/organise/SLUG`; `seenBy` hides the link
 * alone, so the page itself asks `staff` or `desk` who is there; `waiting` is shown beside its name.
 */
export type ConsolePage = {
  group: ConsoleGroup;
  path: '' | `/${string}`;
  label: MessageKey;
  seenBy: 'staff' | 'organisers';
  waiting?: keyof Waiting;
};

export const consolePages: readonly ConsolePage[] = [
  { group: 'event', path: '', label: 'console.overview', seenBy: 'staff', waiting: 'failures' },
  { group: 'event', path: '/questions', label: 'console.questions', seenBy: 'staff', waiting: 'questions' },
  { group: 'event', path: '/news', label: 'console.news', seenBy: 'staff' },
  { group: 'event', path: '/log', label: 'console.log', seenBy: 'organisers' },
  { group: 'people', path: '/teams', label: 'console.teams', seenBy: 'staff' },
  { group: 'people', path: '/people', label: 'console.people', seenBy: 'staff' },
  { group: 'people', path: '/eligibility', label: 'console.eligibility', seenBy: 'organisers' },
  { group: 'people', path: '/evidence', label: 'console.evidence', seenBy: 'organisers' },
  { group: 'settings', path: '/timeline', label: 'console.timeline', seenBy: 'organisers' },
  { group: 'settings', path: '/texts', label: 'console.texts', seenBy: 'organisers' },
  { group: 'settings', path: '/limits', label: 'console.limits', seenBy: 'organisers' },
  { group: 'data', path: '/data', label: 'console.data', seenBy: 'organisers' },
  { group: 'data', path: '/labels', label: 'console.labels', seenBy: 'organisers', waiting: 'flags' },
  { group: 'data', path: '/baseline', label: 'console.baseline', seenBy: 'organisers' },
  { group: 'finale', path: '/defence', label: 'defence.tab', seenBy: 'staff' },
  { group: 'finale', path: '/reveal', label: 'reveal.tab', seenBy: 'staff' },
];

/** The pages that somebody with a part in the competition is led to, by group; groups without any are left out. */
export function consoleMenu(role: 'organiser' | 'assistant') {
  const seen = consolePages.filter(({ seenBy }) => seenBy === 'staff' || role === 'organiser');
  return consoleGroups
    .map((group) => ({ group, pages: seen.filter((page) => page.group === group) }))
    .filter(({ pages }) => pages.length > 0);
}
