import { aPdf } from '../../pdf-files.ts';
import { type Act, form, ofFile, predictions, typed } from './act.ts';
import { password } from './event.ts';

/* What people do who take part: people with an account, captains of teams, jurors and helpers by their links. */

export const ofAccounts = ofFile('app/account/actions.ts', 'captain', {
  saveProfile: () => [null, form({ name: 'Вера', language: 'en' })],
  chooseMails: (of) => [null, form({ [`quiet-${of.competition}`]: 'on' })],
  changeAddress: () => [null, form({ email: 'elsewhere@example.org', current: password })],
  keepAddress: () => [],
  mailPasswordLink: () => [],
  mailSignInLink: () => [],
  makeToken: () => [null, form({ name: 'script', days: '30', read: 'on' })],
  revokeToken: (of) => [null, form({ token: of.token! })],
  endOneSession: (of) => [null, form({ session: of.session! })],
  disconnect: (of) => [null, form({ provider: 'https://id.example.org', subject: of.subject! })],
});

export const ofTeams: Act[] = [
  ...ofFile('app/c/[slug]/rules/actions.ts', 'captain', { accept: (of) => typed(of, { version: '1' }) }),
  ...ofFile('app/c/[slug]/data/actions.ts', 'captain', {
    report: (of) => typed(of, { id: 'u1', note: 'it is шесть' }),
  }),
  ...ofFile('app/c/[slug]/questions/actions.ts', 'captain', { ask: (of) => typed(of, { body: 'Когда начало?' }) }),
  ...ofFile('app/c/[slug]/submissions/actions.ts', 'captain', {
    chooseFinal: (of) => typed(of, { submission: of.submission!, final: 'yes' }),
  }),
  ...ofFile('app/c/[slug]/team/method/actions.ts', 'captain', {
    saveMethodCard: (of) =>
      typed(of, { model: 'CTC', data: 'own', externalServices: '', codeLink: '', codeCommit: '' }),
  }),
  ...ofFile('app/c/[slug]/team/talk/actions.ts', 'captain', {
    saveTalkText: (of) => typed(of, { title: 'Слова', description: 'О словах', slidesLink: '' }),
    nameMe: (of) => typed(of, { name: 'Вера Иванова' }),
    removeSlides: (of) => [of.slug],
  }),
  ...ofFile(
    'app/c/[slug]/team/actions.ts',
    'captain',
    {
      foundTeam: (of) => typed(of, { name: 'Второй состав' }),
      rename: (of, { unique }) => typed(of, { name: unique }),
      invite: (of) => [of.slug],
      inviteByMail: (of) => typed(of, { email: 'somebody@example.org' }),
      revoke: (of) => typed(of, { invite: of.invite! }),
      remove: (of) => typed(of, { member: of.third! }),
    },
    { foundTeam: 'already-in-team' },
  ),
  ...ofFile('app/course/[slug]/sheet/actions.ts', 'captain', {
    agree: (of) => typed(of, { contact: '@vera' }),
    decline: (of) => [of.slug],
  }),
  {
    file: 'app/c/[slug]/team/talk/slides/route.ts',
    name: 'PUT',
    by: 'captain',
    sent: ({ slug }) => ({
      method: 'PUT',
      path: `/c/${slug}/team/talk/slides?file=talk.pdf`,
      body: new Uint8Array(aPdf()),
    }),
  },
  {
    file: 'app/api/v1/competitions/[slug]/submissions/route.ts',
    name: 'POST',
    by: 'captain',
    sent: ({ slug }) => ({
      ...{ method: 'POST', path: `/api/v1/competitions/${slug}/submissions?split=test`, type: 'text/csv' },
      body: predictions(),
    }),
  },
  // It reads, and leaves a line in the log.
  {
    file: 'app/account/export/route.ts',
    name: 'POST',
    by: 'captain',
    sent: () => ({ method: 'POST', path: '/account/export' }),
  },
];

export const ofEvenings: Act[] = [
  ...ofFile('app/jury/actions.ts', 'juror', {
    saveMarks: (of) => [null, form({ team: of.team!, comment: 'ясно', [`mark-${of.criterion}`]: '7' })],
  }),
  ...ofFile('app/stage/actions.ts', 'helper', {
    pressAsGuest: (_of, { stage }) => [null, form({ command: 'next', version: String(stage) })],
  }),
  {
    ...{ file: 'app/stage/reveal/route.ts', name: 'POST', by: 'helper', refusedTo: 'forbidden' },
    sent: () => ({ method: 'POST', path: '/stage/reveal?move=next&expected=0' }),
  },
];

/** After which its person, team or event is no more as it was. */
export const lastOfAll: Act[] = [
  ...ofFile('app/c/[slug]/team/actions.ts', 'captain', {
    handOver: (of) => typed(of, { member: of.mate! }),
    leave: (of) => [of.slug],
  }),
  ...ofFile('app/account/actions.ts', 'captain', {
    endOtherSessions: () => [],
    setPassword: () => [null, form({ current: password, password: 'тихая лодка на воде' })],
    signOut: () => [],
    eraseAccount: (of) => [null, form({ email: of.email! })],
  }),
];
