import type { Role } from './furnished.ts';

/*
 * Every page there is and who reads it, for what has to hold on all of them. A page that is missing fails every-page.spec.ts. What
 * stands in braces is filled by `aFurnishedPlace`.
 */

export type Page = {
  /** Of `app`, the page or the handler that writes its own. Several where one looks different at different times. */
  file: string;
  path: string;
  by: Role;
  /** Only where it is not 200. */
  status?: number;
  /** Parts that stand there by the hundred: two of a kind side by side are looked at. */
  shorten?: string;
};

const page = (by: Role, file: string, path = `/${file}`): Page => ({ file: `app/${file}/page.tsx`, path, by });
const under = (by: Role, folder: string, at: string, pages: readonly string[]): Page[] =>
  pages.map((name) => page(by, `${folder}${name}`, `${at}${name}`));

export const everyPage: readonly Page[] = [
  { file: 'app/page.tsx', path: '/', by: 'nobody' },
  { file: 'app/not-found.tsx', path: '/nothing', by: 'nobody', status: 404 },
  ...['sign-in', 'sign-up', 'reset', 'outbox', 'docs', 'course', 'stage', 'jury'].map((file) => page('nobody', file)),
  { ...page('nobody', 'docs/api'), shorten: 'main article, main tr, main section > section' },
  page('nobody', 'confirm', '/confirm?token=unknown'),
  page('nobody', 'unsubscribe', '/unsubscribe?token=unknown'),
  page('nobody', 'privacy', '/privacy'),
  page('nobody', 'docs/search', '/docs/search?q=log'),
  page('nobody', 'docs/[audience]', '/docs/operators'),
  page('nobody', 'docs/[audience]/[name]', '/docs/teams/predictions'),
  page('nobody', 'docs/[audience]/[name]', '/docs/operators/security'),
  page('nobody', 'join/[token]', '/join/{invite}'),
  page('nobody', 'join/[token]', '/join/unknown'),
  ...under('nobody', 'c/[slug]', '/c/{open}', [
    ...['', '/board', '/board/history', '/rules', '/data', '/baseline', '/news', '/questions', '/quick-start'],
    ...['/defence', '/team', '/submit', '/submissions', '/lab', '/results'],
  ]),
  page('nobody', 'c/[slug]/normalise', '/c/{open}/normalise?text=Да, 25.'),
  ...under('nobody', 'course/[slug]', '/course/{open}', ['', '/rules']),
  { file: 'app/live/[slug]/route.tsx', path: '/live/{open}', by: 'nobody' },
  { file: 'app/live/[slug]/route.tsx', path: '/live/{talking}', by: 'nobody' },
  { file: 'app/live/[slug]/route.tsx', path: '/live/{revealed}', by: 'nobody' },
  { file: 'app/live/[slug]/route.tsx', path: '/live/nothing', by: 'nobody', status: 404 },
  page('nobody', 'live/[slug]/microphone', '/live/{open}/microphone'),
  ...under('nobody', 'c/[slug]', '/c/{revealed}', ['', '/board', '/results']),

  page('member', 'account'),
  page('member', 'join/[token]', '/join/{invite}'),
  ...under('member', 'c/[slug]', '/c/{open}', [
    ...['/rules', '/data', '/questions', '/team', '/team/method', '/team/talk', '/submit', '/submissions', '/lab'],
    '/quick-start',
  ]),
  page('member', 'c/[slug]/lab', '/c/{open}/lab?file={dev}'),
  page('member', 'c/[slug]/submissions/[id]', '/c/{open}/submissions/{submission}'),
  page('member', 'c/[slug]/submissions/[id]', '/c/{open}/submissions/{dev}'),
  page('member', 'c/[slug]/defence/[team]', '/c/{open}/defence/{team}'),
  page('member', 'course/[slug]/sheet', '/course/{open}/sheet'),

  page('organiser', 'organise'),
  ...under('organiser', 'organise/[slug]', '/organise/{open}', [
    ...['', '/timeline', '/texts', '/limits', '/data', '/baseline', '/log', '/people', '/questions', '/news', '/teams'],
    ...['/defence', '/defence/stage', '/defence/attendance', '/defence/jury', '/defence/links', '/labels'],
    ...['/labels/audit', '/eligibility', '/evidence', '/reveal'],
  ]),
  page('organiser', 'organise/[slug]/teams/[id]', '/organise/{open}/teams/{team}'),
  ...under('organiser', 'organise/[slug]', '/organise/{revealed}', ['', '/reveal', '/evidence', '/eligibility']),
  {
    file: 'app/organise/[slug]/reveal/rehearsal/route.tsx',
    path: '/organise/{revealed}/reveal/rehearsal',
    by: 'organiser',
  },
  page('organiser', 'course'),
  ...under('organiser', 'course/[slug]/manage', '/course/{open}/manage', [
    ...['', '/programme', '/roster', '/results', '/grades'],
  ]),
  page('organiser', 'course/[slug]/manage/students/[id]', '/course/{open}/manage/students/{student}'),

  page('stage', 'stage'),
  page('juror', 'jury'),
];

/** Pages that nobody rests on. */
export const passages = ['app/sign-in/again/page.tsx'];
