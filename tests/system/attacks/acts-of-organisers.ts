import { type Act, both, form, later, local, type Now, names, ofFile, reason, soon, timeline, typed } from './act.ts';
import type { Ids } from './event.ts';

const defence = 'app/organise/[slug]/defence';
const planned = (of: Ids, { version }: Now, fields: Record<string, string>) =>
  typed(of, { version: String(version), ...fields });

export const ofDefences: Act[] = [
  // First: what is on the stage stays in the programme.
  ...ofFile(`${defence}/stage/actions.ts`, 'organiser', {
    pressRemote: (of, { stage }) => typed(of, { command: 'next', version: String(stage) }),
  }),
  ...ofFile(`${defence}/actions.ts`, 'organiser', {
    savePlan: (of, now) =>
      planned(of, now, {
        ...{ talkMinutes: '12', questionMinutes: '5', warningMinutes: '2', startsAt: later, talksCloseAt: soon },
      }),
    addPause: (of, now) => planned(of, now, { minutes: '15' }),
    move: (of, now) => planned(of, now, { slot: of.slot!, to: '1' }),
    skip: (of, now) => planned(of, now, { slot: of.slot!, skip: 'yes' }),
    setLength: (of, now) => planned(of, now, { slot: of.slot!, minutes: '20' }),
    draw: (of, now) => planned(of, now, { seed: 'seed' }),
    publishParts: (of, now) => planned(of, now, { what: 'programme', publish: 'yes' }),
    removeFromProgramme: (of, now) => planned(of, now, { slot: of.slot! }),
    addTalks: (of, now) => planned(of, now, { team: of.team! }),
  }),
  ...ofFile(`${defence}/attendance/actions.ts`, 'organiser', {
    tick: (of) => typed(of, { person: of.captain!, attended: 'yes' }),
    override: (of) => typed(of, { person: of.captain!, attended: 'no', reason }),
    withdraw: (of) => typed(of, { person: of.absent!, reason }),
  }),
  ...ofFile(`${defence}/jury/actions.ts`, 'organiser', {
    createCriterion: (of) => typed(of, { ...names, highest: '5' }),
    dropCriterion: (of) => typed(of, { criterion: of.criterion! }),
    savePoints: (of, now) => planned(of, now, { points: '10' }),
  }),
  ...ofFile(`${defence}/links/actions.ts`, 'organiser', {
    makeLink: (of) => typed(of, { name: 'Света', role: 'stage', expiresAt: soon }),
    revokeLink: (of) => typed(of, { link: of.link! }),
  }),
];

const console = 'app/organise/[slug]';
export const ofConsoles: Act[] = [
  ...ofFile(`${console}/actions.ts`, 'organiser', { publish: (of) => [of.slug] }, { publish: 'already-published' }),
  ...ofFile(`${console}/preview-action.tsx`, 'organiser', { previewText: (of) => [of.slug, '**текст**'] }),
  ...ofFile('app/c/[slug]/submissions/[id]/actions.ts', 'organiser', {
    decideCounting: (of) => typed(of, { submission: of.submission!, counts: 'no', reason }),
  }),
  ...ofFile(`${console}/eligibility/actions.ts`, 'organiser', {
    decide: (of) => typed(of, { team: of.team!, decision: 'unranked', reason }),
    reopen: (of) => typed(of, { team: of.team!, reopened: 'yes', reason }),
  }),
  ...ofFile(`${console}/texts/actions.ts`, 'organiser', {
    saveTexts: (of) =>
      typed(of, {
        ...{
          ...names,
          briefRu: '',
          briefEn: '',
          rulesRu: 'Нельзя.',
          rulesEn: 'No.',
          licence: 'CC0',
          attribution: 'We.',
        },
      }),
  }),
  ...ofFile(`${console}/timeline/actions.ts`, 'organiser', {
    saveTimeline: (of) => typed(of, { ...timeline, reason }),
  }),
  ...ofFile(`${console}/limits/actions.ts`, 'organiser', {
    saveLimits: (of) => typed(of, { teamSize: '9', dailyQuota: '90', policy: 'open' }),
  }),
  ...ofFile(
    `${console}/limits/mapping-actions.ts`,
    'organiser',
    {
      bringMapping: (of) => typed(of, { file: new File(['from,to\nага,да\n'], 'm.csv'), reason, intent: 'save' }),
      removeMapping: (of) => typed(of, { reason }),
    },
    { bringMapping: 'fixed-by-scores', removeMapping: 'fixed-by-scores' },
  ),
  ...ofFile(`${console}/data/actions.ts`, 'organiser', {
    requestImport: (of) => typed(of, { path: 'speech', format: '', split: '', speakerKey: '', groupKey: '' }),
  }),
  ...ofFile(
    `${console}/baseline/actions.ts`,
    'organiser',
    { requestBaselineRun: (of) => typed(of, { model: 'nothing', split: 'dev', decoding: 'greedy' }) },
    { requestBaselineRun: 'baseline-model-gone' },
  ),
  ...ofFile(`${console}/overview/actions.ts`, 'organiser', {
    retry: (of) => typed(of, { which: of.failed! }),
    retryMail: (of) => [of.slug],
  }),
  ...ofFile(`${console}/news/actions.ts`, 'organiser', {
    publishNews: (of) => typed(of, { ...both, bodyRu: 'Сегодня.', bodyEn: 'Today.' }),
    editNews: (of) =>
      typed(of, { ...both, bodyRu: 'Завтра.', bodyEn: 'Tomorrow.', announcement: of.news!, edition: '1' }),
    withdrawNews: (of) => typed(of, { announcement: of.news!, reason }),
  }),
  ...ofFile(`${console}/questions/actions.ts`, 'organiser', {
    reply: (of) => typed(of, { question: of.question!, seen: '', answer: 'Пять.', publicBody: '' }),
  }),
  ...ofFile(`${console}/people/actions.ts`, 'organiser', {
    offer: (of) => typed(of, { email: 'colleague@example.org', role: 'assistant' }),
    withdrawInvite: (of) => typed(of, { invite: of.roleInvite! }),
    revoke: (of) => typed(of, { person: of.assistant! }),
  }),
  ...ofFile(
    `${console}/reveal/actions.ts`,
    'organiser',
    {
      saveRevealSettings: (of) => typed(of, { revealMode: 'staged', revealByHelpers: 'on' }),
      restartRevealNow: (of) => typed(of, { reason }),
      callRevealNow: (of) => typed(of, { reason }),
    },
    { restartRevealNow: 'no-newer-result', callRevealNow: 'reveal-too-early' },
  ),
];

export const ofTeamsByOrganisers = ofFile(`${console}/teams/actions.ts`, 'organiser', {
  makeCaptain: (of) => typed(of, { team: of.team!, member: of.mate!, reason }),
  rename: (of, { unique }) => typed(of, { team: of.team!, name: unique, reason }),
  setGuest: (of) => typed(of, { team: of.second!, guest: 'yes', reason }),
  extend: (of) => typed(of, { team: of.team!, until: local(9), reason }),
  addAttempts: (of) => typed(of, { team: of.team!, attempts: '3', day: '', reason }),
  takeBack: (of) => typed(of, { team: of.team!, adjustment: of.adjustment!, reason }),
  place: (of) => typed(of, { person: of.captain!, team: of.second!, name: '', reason }),
  merge: (of) => typed(of, { team: of.team!, from: of.second!, reason }),
  dismiss: (of) => typed(of, { team: of.team!, member: of.captain!, reason }),
});

export const ofAdministrators: Act[] = [
  ...ofFile('app/organise/actions.ts', 'administrator', {
    create: (_of, { unique }) => [
      null,
      form({
        slug: unique,
        ...names,
        timeZone: 'UTC',
        submissionsStartAt: soon,
        submissionsEndAt: later,
        profile: 'ru',
      }),
    ],
    retryAllMails: () => [],
  }),
  ...ofFile(
    'app/course/actions.ts',
    'organiser',
    {
      createNewCourse: (of, { unique }) => [
        null,
        form({ slug: unique, ...names, timeZone: 'UTC', competition: of.slug! }),
      ],
    },
    { createNewCourse: 'course-of-competition' },
  ),
];
