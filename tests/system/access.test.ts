import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '#lib/db/client.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { saveHomework } from '#lib/db/course-programme.ts';
import { importRoster, listStudents } from '#lib/db/course-roster.ts';
import { createCourse, publishCourse } from '#lib/db/courses.ts';
import { createEveningLink } from '#lib/db/evening-links.ts';
import { createInvite } from '#lib/db/invites.ts';
import { getMailChoices } from '#lib/db/mail-choices.ts';
import { utterances } from '#lib/db/schema.ts';
import { getSubmissionFor } from '#lib/db/submission-views.ts';
import { createSubmission } from '#lib/db/submissions.ts';
import { saveSlides } from '#lib/db/talks.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import type { AuditState } from '#lib/label-audit.ts';
import type { LabelState } from '#lib/label-desk.ts';
import { signUnsubscription } from '#lib/mail/unsubscribe.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { checkedFetch } from '../api-answers.ts';
import {
  aCompetition,
  aDevSplit,
  anUpload,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  devUtterances,
  hoursFromNow,
  tenUtterances,
} from '../builders.ts';
import { aCanary, holdsCanary } from '../canary.ts';
import { startTestCluster } from '../cluster.ts';
import { aFrozenStage, type FrozenStage, whatMayHappen } from '../frozen-stage.ts';
import { aPdf } from '../pdf-files.ts';
import { type Crawl, crawl, differences } from '../public-crawl.ts';
import { readableRows } from '../readable.ts';
import { follow } from '../server.ts';
import { sessionCookie } from '../session.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { visibleText } from '../visible-text.ts';
import { aWav } from '../wav-files.ts';
import { eventually } from '../workers.ts';
import { actionsByFile, builtAction, sources } from './attacks/actions.ts';
import { testAddresses } from './attacks/addresses.ts';
import type { Attacked } from './attacks/attacked.ts';
import { testBombs } from './attacks/bombs.ts';
import { testForeignActs } from './attacks/foreign-acts.ts';
import { type Target, testForged } from './attacks/forged.ts';
import { testHeaders } from './attacks/headers.ts';
import { testLogs } from './attacks/logs.ts';
import { testNeighbours } from './attacks/neighbours.ts';
import { testOtherUser } from './attacks/other-user.ts';

/*
 * Every page, route and action, and who may use it. What is not listed here fails the first tests below, so a new door comes
 * with a row. Callers, in the order of the columns:
 */
const callers = ['nobody', 'stranger', 'member', 'rival', 'organiser', 'outsider', 'administrator', 'reader'] as const;
type Caller = (typeof callers)[number];
/** stranger: signed in, nothing else. member, rival: of two teams. outsider: organises another competition. reader: the member's token with scope read. */
type Statuses = readonly [number, number, number, number, number, number, number, number];

/** A page sends to the sign-in page; 404 hides that there is something. */
const toAll: Statuses = [200, 200, 200, 200, 200, 200, 200, 200];
/** Without a token of its own. */
const toNobody: Statuses = [401, 401, 401, 401, 401, 401, 401, 401];
const toElsewhere: Statuses = [307, 307, 307, 307, 307, 307, 307, 307];
const seeOther: Statuses = [303, 303, 303, 303, 303, 303, 303, 303];
const signedIn: Statuses = [307, 200, 200, 200, 200, 200, 200, 307];
const nobodyElses: Statuses = [307, 404, 404, 404, 200, 404, 200, 307];
const hiddenPage: Statuses = [404, 404, 404, 404, 200, 404, 200, 404];
const deskOnly: Statuses = [401, 404, 404, 404, 200, 404, 200, 401];
const hiddenApi: Statuses = [404, 404, 404, 404, 200, 404, 200, 404];

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Door = { file: string; path: string; method?: Method; expected: Statuses };

/** `open` is a published competition in which everything is open, `draft` one that its organisers alone know of. */
const doors: readonly Door[] = [
  { file: 'app/page.tsx', path: '/', expected: toAll },
  { file: 'app/sign-in/page.tsx', path: '/sign-in', expected: [200, 307, 307, 307, 307, 307, 307, 200] },
  // Who signed in a moment ago has nothing to confirm.
  { file: 'app/sign-in/again/page.tsx', path: '/sign-in/again', expected: [307, 307, 307, 307, 307, 307, 307, 307] },
  { file: 'app/sign-up/page.tsx', path: '/sign-up', expected: toAll },
  { file: 'app/reset/page.tsx', path: '/reset', expected: toAll },
  { file: 'app/confirm/page.tsx', path: '/confirm?token=unknown', expected: toAll },
  { file: 'app/unsubscribe/page.tsx', path: '/unsubscribe?token=unknown', expected: toAll },
  // The signed link says who; a session adds nothing.
  { file: 'app/unsubscribe/[token]/route.ts', path: '/unsubscribe/unknown', expected: seeOther },
  {
    file: 'app/unsubscribe/[token]/route.ts',
    path: '/unsubscribe/unknown',
    method: 'POST',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
  { file: 'app/outbox/page.tsx', path: '/outbox', expected: toAll },
  { file: 'app/docs/page.tsx', path: '/docs', expected: toAll },
  { file: 'app/docs/api/page.tsx', path: '/docs/api', expected: toAll },
  { file: 'app/docs/search/page.tsx', path: '/docs/search?q=log', expected: toAll },
  { file: 'app/docs/[audience]/page.tsx', path: '/docs/operators', expected: toAll },
  { file: 'app/docs/[audience]/[name]/page.tsx', path: '/docs/operators/log', expected: toAll },
  {
    file: 'app/docs/images/[file]/route.ts',
    path: '/docs/images/nothing.webp',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
  { file: 'app/account/page.tsx', path: '/account', expected: signedIn },
  // One for each of them; a token is no session.
  {
    file: 'app/account/export/route.ts',
    path: '/account/export',
    method: 'POST',
    expected: [307, 200, 200, 200, 200, 200, 200, 307],
  },
  { file: 'app/privacy/page.tsx', path: '/privacy', expected: toAll },
  { file: 'app/join/[token]/page.tsx', path: '/join/{invite}', expected: toAll },
  { file: 'app/join/[token]/page.tsx', path: '/join/unknown', expected: toAll },
  { file: 'app/organise/page.tsx', path: '/organise', expected: signedIn },
  { file: 'app/organise/[slug]/page.tsx', path: '/organise/open', expected: nobodyElses },
  { file: 'app/organise/[slug]/page.tsx', path: '/organise/draft', expected: nobodyElses },
  ...(['timeline', 'texts', 'limits', 'data', 'baseline', 'log'] as const).map((page) => ({
    file: `app/organise/[slug]/${page}/page.tsx`,
    path: `/organise/open/${page}`,
    expected: nobodyElses,
  })),
  {
    file: 'app/organise/[slug]/log/events.csv/route.ts',
    path: '/organise/open/log/events.csv?about=files',
    expected: [401, 404, 404, 404, 200, 404, 200, 404],
  },
  { file: 'app/organise/[slug]/people/page.tsx', path: '/organise/open/people', expected: nobodyElses },
  { file: 'app/organise/[slug]/questions/page.tsx', path: '/organise/open/questions', expected: nobodyElses },
  { file: 'app/organise/[slug]/news/page.tsx', path: '/organise/open/news', expected: nobodyElses },
  { file: 'app/organise/[slug]/teams/page.tsx', path: '/organise/open/teams', expected: nobodyElses },
  { file: 'app/organise/[slug]/teams/[id]/page.tsx', path: '/organise/open/teams/{team}', expected: nobodyElses },
  { file: 'app/c/[slug]/news/page.tsx', path: '/c/open/news', expected: toAll },
  { file: 'app/c/[slug]/news/page.tsx', path: '/c/draft/news', expected: hiddenPage },
  { file: 'app/c/[slug]/questions/page.tsx', path: '/c/open/questions', expected: toAll },
  { file: 'app/c/[slug]/questions/page.tsx', path: '/c/draft/questions', expected: hiddenPage },
  ...['', '/stage', '/attendance', '/jury', '/links'].map((page) => ({
    file: `app/organise/[slug]/defence${page}/page.tsx`,
    path: `/organise/open/defence${page}`,
    expected: nobodyElses,
  })),
  {
    file: 'app/organise/[slug]/defence/jury/marks.csv/route.ts',
    path: '/organise/open/defence/jury/marks.csv',
    expected: [401, 404, 404, 404, 200, 404, 200, 404],
  },
  // Whoever opened no link for the evening is told what to do, and nothing else.
  { file: 'app/stage/page.tsx', path: '/stage', expected: toAll },
  { file: 'app/jury/page.tsx', path: '/jury', expected: toAll },
  { file: 'app/stage/[token]/route.ts', path: '/stage/unknown', expected: toElsewhere },
  { file: 'app/jury/[token]/route.ts', path: '/jury/unknown', expected: toElsewhere },
  { file: 'app/organise/[slug]/labels/page.tsx', path: '/organise/open/labels', expected: nobodyElses },
  { file: 'app/organise/[slug]/eligibility/page.tsx', path: '/organise/open/eligibility', expected: nobodyElses },
  { file: 'app/organise/[slug]/labels/audit/page.tsx', path: '/organise/open/labels/audit', expected: nobodyElses },
  { file: 'app/organise/[slug]/evidence/page.tsx', path: '/organise/open/evidence', expected: nobodyElses },
  // The desk of the scoring side says who may.
  { file: 'app/organise/[slug]/desk/[...path]/route.ts', path: '/organise/open/desk/labels', expected: deskOnly },
  { file: 'app/organise/[slug]/desk/[...path]/route.ts', path: '/organise/open/desk/labels/state', expected: deskOnly },
  { file: 'app/organise/[slug]/desk/[...path]/route.ts', path: '/organise/open/desk/labels/audit', expected: deskOnly },
  {
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: '/organise/open/desk/labels/audit/questions',
    expected: deskOnly,
  },
  {
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: '/organise/open/desk/labels/evidence',
    expected: deskOnly,
  },
  {
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: '/organise/open/desk/labels/evidence/examples',
    // No pair is named.
    expected: deskOnly.map((status) => (status === 200 ? 400 : status)) as unknown as Statuses,
  },
  ...['audit/answer', 'audit/file/remove', 'evidence/note'].map((act) => ({
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: `/organise/open/desk/labels/${act}`,
    method: 'POST' as const,
    // Nothing is sent, again.
    expected: deskOnly.map((status) => (status === 200 ? 400 : status)) as unknown as Statuses,
  })),
  {
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: '/organise/open/desk/labels/audit/file',
    method: 'POST',
    // An empty file has no utterance.
    expected: deskOnly.map((status) => (status === 200 ? 422 : status)) as unknown as Statuses,
  },
  {
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: '/organise/open/desk/labels/edit',
    method: 'POST',
    // Nothing is sent: who may edit is told that it does not fit.
    expected: deskOnly.map((status) => (status === 200 ? 400 : status)) as unknown as Statuses,
  },
  { file: 'app/organise/[slug]/reveal/page.tsx', path: '/organise/open/reveal', expected: nobodyElses },
  {
    file: 'app/organise/[slug]/reveal/rehearsal/route.tsx',
    path: '/organise/open/reveal/rehearsal',
    expected: nobodyElses,
  },
  {
    file: 'app/organise/[slug]/reveal/press/route.ts',
    path: '/organise/open/reveal/press?move=next&expected=0',
    method: 'POST',
    // There is no result yet.
    expected: [401, 404, 404, 404, 409, 404, 409, 403],
  },
  // Only a link of the evening opens it.
  {
    file: 'app/stage/reveal/route.ts',
    path: '/stage/reveal?move=next&expected=0',
    method: 'POST',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
  ...Object.entries({ rehearse: 400, preview: 200, file: 409, codes: 400 }).map(([act, answer]) => ({
    file: 'app/organise/[slug]/desk/[...path]/route.ts',
    path: `/organise/open/desk/reveal/${act}`,
    method: 'POST' as const,
    // Nothing is sent, nothing is due, and files still come.
    expected: deskOnly.map((status) => (status === 200 ? answer : status)) as unknown as Statuses,
  })),
  // Before the reveal there is nothing for anybody.
  {
    file: 'app/c/[slug]/labels/[version]/route.ts',
    path: '/c/open/labels/1',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
  { file: 'app/c/[slug]/page.tsx', path: '/c/open', expected: toAll },
  { file: 'app/c/[slug]/page.tsx', path: '/c/draft', expected: hiddenPage },
  { file: 'app/c/[slug]/board/page.tsx', path: '/c/open/board', expected: toAll },
  { file: 'app/c/[slug]/board/page.tsx', path: '/c/draft/board', expected: hiddenPage },
  { file: 'app/c/[slug]/board/history/page.tsx', path: '/c/open/board/history', expected: toAll },
  { file: 'app/c/[slug]/board/history/page.tsx', path: '/c/draft/board/history', expected: hiddenPage },
  { file: 'app/c/[slug]/baseline/page.tsx', path: '/c/open/baseline', expected: toAll },
  { file: 'app/c/[slug]/baseline/page.tsx', path: '/c/draft/baseline', expected: hiddenPage },
  { file: 'app/c/[slug]/rules/page.tsx', path: '/c/open/rules', expected: toAll },
  { file: 'app/c/[slug]/rules/page.tsx', path: '/c/draft/rules', expected: hiddenPage },
  { file: 'app/c/[slug]/normalise/page.tsx', path: '/c/open/normalise?text=Да.', expected: toAll },
  { file: 'app/c/[slug]/normalise/page.tsx', path: '/c/draft/normalise', expected: hiddenPage },
  { file: 'app/c/[slug]/data/page.tsx', path: '/c/open/data', expected: toAll },
  { file: 'app/c/[slug]/data/page.tsx', path: '/c/draft/data', expected: hiddenPage },
  { file: 'app/c/[slug]/lab/page.tsx', path: '/c/open/lab', expected: toAll },
  { file: 'app/c/[slug]/lab/page.tsx', path: '/c/draft/lab', expected: hiddenPage },
  {
    file: 'app/c/[slug]/lab/page.tsx',
    path: '/c/open/lab?file={devSubmission}',
    // Who is of no team is told so, whatever is asked for; to the rival the file does not exist.
    expected: [200, 200, 200, 404, 200, 200, 200, 200],
  },
  // A file for test is no file of the lab, to its own team either.
  {
    file: 'app/c/[slug]/lab/page.tsx',
    path: '/c/open/lab?file={submission}',
    expected: [200, 200, 404, 404, 200, 200, 200, 200],
  },
  {
    file: 'app/c/[slug]/lab/download/route.ts',
    path: '/c/open/lab/download?file={devSubmission}',
    expected: [401, 403, 200, 404, 403, 403, 403, 200],
  },
  {
    file: 'app/c/[slug]/lab/download/route.ts',
    path: '/c/open/lab/download?file={submission}',
    expected: [401, 403, 404, 404, 403, 403, 403, 404],
  },
  { file: 'app/c/[slug]/team/page.tsx', path: '/c/open/team', expected: toAll },
  { file: 'app/c/[slug]/team/method/page.tsx', path: '/c/open/team/method', expected: toAll },
  { file: 'app/c/[slug]/team/method/page.tsx', path: '/c/draft/team/method', expected: hiddenPage },
  { file: 'app/c/[slug]/results/page.tsx', path: '/c/open/results', expected: toAll },
  { file: 'app/c/[slug]/results/page.tsx', path: '/c/draft/results', expected: hiddenPage },
  { file: 'app/c/[slug]/team/talk/page.tsx', path: '/c/open/team/talk', expected: toAll },
  { file: 'app/c/[slug]/team/talk/page.tsx', path: '/c/draft/team/talk', expected: hiddenPage },
  {
    file: 'app/c/[slug]/team/talk/slides/route.ts',
    path: '/c/open/team/talk/slides?file=talk.pdf',
    method: 'PUT',
    // Nothing is sent: who may send slides is told that this is no PDF.
    expected: [401, 403, 422, 422, 403, 403, 403, 403],
  },
  { file: 'app/c/[slug]/defence/page.tsx', path: '/c/open/defence', expected: toAll },
  { file: 'app/c/[slug]/defence/page.tsx', path: '/c/draft/defence', expected: hiddenPage },
  // The programme is not published: a talk is its team's and the organisers'.
  {
    file: 'app/c/[slug]/defence/[team]/page.tsx',
    path: '/c/open/defence/{team}',
    expected: [404, 404, 200, 404, 200, 404, 200, 404],
  },
  {
    file: 'app/c/[slug]/defence/[team]/slides/route.ts',
    path: '/c/open/defence/{team}/slides',
    expected: [404, 404, 200, 404, 200, 404, 200, 404],
  },
  { file: 'app/c/[slug]/quick-start/page.tsx', path: '/c/open/quick-start?tool=python', expected: toAll },
  { file: 'app/c/[slug]/quick-start/page.tsx', path: '/c/draft/quick-start', expected: hiddenPage },
  { file: 'app/c/[slug]/submit/page.tsx', path: '/c/open/submit', expected: toAll },
  { file: 'app/c/[slug]/submissions/page.tsx', path: '/c/open/submissions', expected: toAll },
  {
    file: 'app/c/[slug]/submissions/[id]/page.tsx',
    path: '/c/open/submissions/{submission}',
    expected: [307, 404, 200, 404, 200, 404, 200, 307],
  },
  { file: 'app/course/page.tsx', path: '/course', expected: toAll },
  { file: 'app/course/[slug]/page.tsx', path: '/course/open', expected: toAll },
  { file: 'app/course/[slug]/page.tsx', path: '/course/draft', expected: hiddenPage },
  { file: 'app/course/[slug]/rules/page.tsx', path: '/course/open/rules', expected: toAll },
  { file: 'app/course/[slug]/rules/page.tsx', path: '/course/draft/rules', expected: hiddenPage },
  // Their own sheet, or that they have none.
  { file: 'app/course/[slug]/sheet/page.tsx', path: '/course/open/sheet', expected: signedIn },
  { file: 'app/course/[slug]/manage/page.tsx', path: '/course/open/manage', expected: nobodyElses },
  { file: 'app/course/[slug]/manage/programme/page.tsx', path: '/course/open/manage/programme', expected: nobodyElses },
  { file: 'app/course/[slug]/manage/roster/page.tsx', path: '/course/open/manage/roster', expected: nobodyElses },
  { file: 'app/course/[slug]/manage/results/page.tsx', path: '/course/open/manage/results', expected: nobodyElses },
  { file: 'app/course/[slug]/manage/grades/page.tsx', path: '/course/open/manage/grades', expected: nobodyElses },
  {
    file: 'app/course/[slug]/manage/students/[id]/page.tsx',
    path: '/course/open/manage/students/{student}',
    expected: nobodyElses,
  },
  {
    file: 'app/course/[slug]/manage/results/table.csv/route.ts',
    path: '/course/open/manage/results/table.csv?homework={homework}',
    expected: [401, 404, 404, 404, 200, 404, 200, 404],
  },
  ...['csv', 'xlsx'].map((kind) => ({
    file: 'app/course/[slug]/manage/export/[file]/route.ts',
    path: `/course/open/manage/export/sheet.${kind}`,
    expected: [401, 404, 404, 404, 200, 404, 200, 404] as Statuses,
  })),
  { file: 'app/live/[slug]/route.tsx', path: '/live/open', expected: toAll },
  { file: 'app/live/[slug]/route.tsx', path: '/live/draft', expected: hiddenPage },
  { file: 'app/live/[slug]/microphone/page.tsx', path: '/live/open/microphone', expected: toAll },
  { file: 'app/live/[slug]/microphone/page.tsx', path: '/live/draft/microphone', expected: hiddenPage },
  {
    // Recordings are for who may have the data: to others the microphone page offers none, so there is none.
    file: 'app/live/[slug]/microphone/clips/[number]/route.ts',
    path: '/live/open/microphone/clips/1',
    expected: [404, 404, 200, 200, 200, 404, 200, 404],
  },
  {
    file: 'app/live/[slug]/microphone/clips/[number]/route.ts',
    path: '/live/draft/microphone/clips/1',
    expected: hiddenApi,
  },
  // Nothing in this installation made a baseline with it.
  {
    file: 'app/models/[name]/[file]/route.ts',
    path: '/models/somebodys-own/weights.bin',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
  { file: 'app/api/v1/competitions/route.ts', path: '/api/v1/competitions', expected: toAll },
  { file: 'app/api/v1/competitions/[slug]/route.ts', path: '/api/v1/competitions/open', expected: toAll },
  { file: 'app/api/v1/competitions/[slug]/route.ts', path: '/api/v1/competitions/draft', expected: hiddenApi },
  {
    file: 'app/api/v1/competitions/[slug]/data/route.ts',
    path: '/api/v1/competitions/open/data',
    expected: [401, 403, 200, 200, 200, 403, 200, 200],
  },
  {
    file: 'app/api/v1/competitions/[slug]/data/[file]/route.ts',
    path: '/api/v1/competitions/open/data/test.csv',
    expected: [401, 403, 200, 200, 200, 403, 200, 200],
  },
  {
    file: 'app/api/v1/competitions/[slug]/data/files/[split]/[...name]/route.ts',
    path: '/api/v1/competitions/open/data/files/test/unknown',
    expected: [401, 403, 404, 404, 404, 403, 404, 404],
  },
  {
    file: 'app/api/v1/competitions/[slug]/leaderboard/route.ts',
    path: '/api/v1/competitions/open/leaderboard',
    expected: toAll,
  },
  {
    file: 'app/api/v1/competitions/[slug]/leaderboard/route.ts',
    path: '/api/v1/competitions/draft/leaderboard',
    expected: hiddenApi,
  },
  {
    file: 'app/api/v1/competitions/[slug]/mapping.csv/route.ts',
    path: '/api/v1/competitions/open/mapping.csv',
    expected: toAll,
  },
  {
    file: 'app/api/v1/competitions/[slug]/mapping.csv/route.ts',
    path: '/api/v1/competitions/draft/mapping.csv',
    expected: hiddenApi,
  },
  {
    file: 'app/api/v1/competitions/[slug]/me/route.ts',
    path: '/api/v1/competitions/open/me',
    expected: toAll,
  },
  {
    file: 'app/api/v1/competitions/[slug]/submissions/route.ts',
    path: '/api/v1/competitions/open/submissions',
    expected: [401, 403, 200, 200, 403, 403, 403, 200],
  },
  {
    file: 'app/api/v1/competitions/[slug]/submissions/route.ts',
    path: '/api/v1/competitions/open/submissions?split=test',
    method: 'POST',
    // Nothing is sent: who may upload is told that the file has problems.
    expected: [401, 403, 422, 422, 403, 403, 403, 403],
  },
  { file: 'app/toolkit/rostrum.tgz/route.ts', path: '/toolkit/rostrum.tgz', expected: toAll },
  {
    file: 'app/api/v1/me/route.ts',
    path: '/api/v1/me',
    expected: [401, 200, 200, 200, 200, 200, 200, 200],
  },
  {
    file: 'app/api/v1/submissions/[id]/route.ts',
    path: '/api/v1/submissions/{submission}',
    expected: [401, 404, 200, 404, 200, 404, 200, 200],
  },
  {
    file: 'app/api/v1/submissions/[id]/file/route.ts',
    path: '/api/v1/submissions/{submission}/file',
    expected: [401, 404, 200, 404, 200, 404, 200, 200],
  },
  {
    file: 'app/api/v1/openapi.json/route.ts',
    path: '/api/v1/openapi.json',
    expected: toAll,
  },
  {
    file: 'app/organise/[slug]/baseline/file/route.ts',
    path: '/organise/open/baseline/file?name=Baseline&split=test',
    method: 'POST',
    expected: [401, 404, 404, 404, 422, 404, 422, 403],
  },
  {
    file: 'app/organise/[slug]/archives/route.ts',
    path: '/organise/open/archives?file=speech.zip&bytes=1000',
    method: 'POST',
    expected: [401, 404, 404, 404, 201, 404, 201, 403],
  },
  ...(['PUT', 'POST', 'DELETE'] as const).map((method) => ({
    file: 'app/organise/[slug]/archives/[id]/route.ts',
    path: '/organise/open/archives/00000000-0000-4000-8000-000000000000?offset=0',
    method,
    // Nobody's upload.
    expected: [401, 404, 404, 404, method === 'PUT' ? 415 : 404, 404, method === 'PUT' ? 415 : 404, 403] as Statuses,
  })),
];

/** Doors that bin/server.ts opens before the framework sees the request. */
const serverDoors: readonly Door[] = [
  { file: 'bin/server/handle.ts', path: '/healthz', expected: toAll },
  { file: 'bin/server/handle.ts', path: '/metrics', expected: toNobody },
  { file: 'bin/server/handle.ts', path: '/.well-known/security.txt', expected: toAll },
  { file: 'bin/server/events.ts', path: '/api/v1/competitions/open/events', expected: toAll },
  {
    file: 'bin/server/events.ts',
    path: '/api/v1/competitions/draft/events',
    expected: [404, 404, 404, 404, 404, 404, 404, 404],
  },
];

/** Doors that answer to no session: next-auth's own, and the looks, which belong to the browser. */
const doorsOfTheirOwn = [
  'app/api/auth/[...nextauth]/route.ts',
  'app/preferences/route.ts',
  'app/sign-in/provider/route.ts',
  'app/sign-in/provider/leave/route.ts',
];

/** public: for people who are nobody yet, guarded by limits and by what mail proves, or of what everybody may see. */
type Guard = 'public' | 'user' | 'organiser';

const actions: Record<string, Record<string, Guard>> = {
  'app/sign-up/actions.ts': { signUp: 'public' },
  'app/sign-in/actions.ts': { signIn: 'public' },
  'app/unsubscribe/actions.ts': { stop: 'public' },
  'app/reset/actions.ts': { askForPassword: 'public' },
  'app/confirm/actions.ts': {
    finishSignUp: 'public',
    finishSignIn: 'public',
    finishReset: 'public',
    finishNewAddress: 'public',
    signInToOther: 'public',
    finishRecovery: 'public',
    becomeAdministrator: 'public',
    promoteMe: 'public',
  },
  'app/account/actions.ts': {
    saveProfile: 'user',
    chooseMails: 'user',
    setPassword: 'user',
    changeAddress: 'user',
    keepAddress: 'user',
    mailPasswordLink: 'user',
    mailSignInLink: 'user',
    disconnect: 'user',
    endOneSession: 'user',
    endOtherSessions: 'user',
    makeToken: 'user',
    revokeToken: 'user',
    eraseAccount: 'user',
    signOut: 'public',
  },
  'app/join/[token]/actions.ts': { join: 'user' },
  'app/c/[slug]/normalise/actions.ts': { showText: 'public' },
  'app/c/[slug]/rules/actions.ts': { accept: 'user' },
  'app/c/[slug]/team/actions.ts': {
    foundTeam: 'user',
    rename: 'user',
    handOver: 'user',
    remove: 'user',
    leave: 'user',
    invite: 'user',
    inviteByMail: 'user',
    revoke: 'user',
  },
  'app/c/[slug]/team/method/actions.ts': { saveMethodCard: 'user' },
  'app/c/[slug]/team/talk/actions.ts': { saveTalkText: 'user', nameMe: 'user', removeSlides: 'user' },
  // Guarded by the cookie of a link for the evening (below).
  'app/stage/actions.ts': { pressAsGuest: 'public' },
  'app/jury/actions.ts': { saveMarks: 'public' },
  'app/organise/[slug]/defence/actions.ts': {
    savePlan: 'organiser',
    addTalks: 'organiser',
    addPause: 'organiser',
    move: 'organiser',
    skip: 'organiser',
    setLength: 'organiser',
    removeFromProgramme: 'organiser',
    draw: 'organiser',
    publishParts: 'organiser',
  },
  'app/organise/[slug]/defence/stage/actions.ts': { pressRemote: 'organiser' },
  'app/organise/[slug]/defence/attendance/actions.ts': {
    tick: 'organiser',
    override: 'organiser',
    withdraw: 'organiser',
  },
  'app/organise/[slug]/defence/jury/actions.ts': {
    createCriterion: 'organiser',
    dropCriterion: 'organiser',
    savePoints: 'organiser',
  },
  'app/organise/[slug]/defence/links/actions.ts': { makeLink: 'organiser', revokeLink: 'organiser' },
  'app/c/[slug]/submissions/actions.ts': { chooseFinal: 'user' },
  'app/c/[slug]/submissions/[id]/actions.ts': { decideCounting: 'organiser' },
  'app/organise/[slug]/reveal/actions.ts': {
    callRevealNow: 'organiser',
    restartRevealNow: 'organiser',
    saveRevealSettings: 'organiser',
  },
  'app/organise/[slug]/eligibility/actions.ts': { decide: 'organiser', reopen: 'organiser' },
  'app/organise/actions.ts': { create: 'user', retryAllMails: 'user' },
  'app/organise/[slug]/preview-action.tsx': { previewText: 'organiser' },
  'app/organise/[slug]/overview/actions.ts': { retry: 'organiser', retryMail: 'organiser' },
  'app/organise/[slug]/actions.ts': { publish: 'organiser' },
  'app/organise/[slug]/texts/actions.ts': { saveTexts: 'organiser' },
  'app/organise/[slug]/timeline/actions.ts': { saveTimeline: 'organiser' },
  'app/organise/[slug]/limits/actions.ts': { saveLimits: 'organiser' },
  'app/organise/[slug]/data/actions.ts': { requestImport: 'organiser' },
  'app/organise/[slug]/baseline/actions.ts': { requestBaselineRun: 'organiser' },
  'app/organise/[slug]/limits/mapping-actions.ts': { bringMapping: 'organiser', removeMapping: 'organiser' },
  'app/c/[slug]/questions/actions.ts': { ask: 'user' },
  'app/c/[slug]/data/actions.ts': { report: 'user' },
  'app/organise/[slug]/news/actions.ts': { publishNews: 'organiser', editNews: 'organiser', withdrawNews: 'organiser' },
  'app/organise/[slug]/questions/actions.ts': { reply: 'organiser' },
  'app/organise/[slug]/teams/actions.ts': {
    place: 'organiser',
    dismiss: 'organiser',
    makeCaptain: 'organiser',
    rename: 'organiser',
    setGuest: 'organiser',
    merge: 'organiser',
    extend: 'organiser',
    addAttempts: 'organiser',
    takeBack: 'organiser',
  },
  'app/course/actions.ts': { createNewCourse: 'user' },
  'app/course/[slug]/sheet/actions.ts': { agree: 'user', decline: 'user' },
  'app/course/[slug]/manage/actions.ts': {
    saveCourseTexts: 'organiser',
    saveCourseSettings: 'organiser',
    saveCompetitionLink: 'organiser',
    openCourse: 'organiser',
  },
  'app/course/[slug]/manage/programme/actions.ts': {
    writeHomework: 'organiser',
    dropHomework: 'organiser',
    writeLecture: 'organiser',
    dropLecture: 'organiser',
  },
  'app/course/[slug]/manage/roster/actions.ts': {
    bringRoster: 'organiser',
    addStudent: 'organiser',
    invite: 'organiser',
    dropStudent: 'organiser',
  },
  'app/course/[slug]/manage/results/actions.ts': { bringResults: 'organiser', typeResults: 'organiser' },
  'app/course/[slug]/manage/students/[id]/actions.ts': {
    extendDeadline: 'organiser',
    takeExtensionBack: 'organiser',
  },
  'app/course/[slug]/manage/grades/actions.ts': { publishGrades: 'organiser' },
  'app/organise/[slug]/people/actions.ts': { offer: 'organiser', revoke: 'organiser', withdrawInvite: 'organiser' },
};

const root = join(import.meta.dirname, '../..');
let stack: TestStack;
let owner: Database;
let stopCluster: () => Promise<void>;
let headersOf: Record<Caller | 'assistant', Record<string, string>>;
const places: Record<string, string> = {};
/** Stands in every reference of `open`. */
const canary = aCanary();
type Heard = { where: string; bytes: Uint8Array };
const heard: Heard[] = [];
/** What the member's pages show, and no other team's. */
const secretsOfMember: Record<string, string> = {
  file: 'file-of-the-member.csv',
  note: 'note of the member',
  dev: 'dev-of-the-member.csv',
};

beforeAll(async () => {
  const { cluster, stop } = await startTestCluster();
  stopCluster = stop;
  stack = await startTestStack(cluster, { LOG_LEVEL: 'trace', ROSTRUM_SECURITY_CONTACT: 'security@example.org' });
  owner = openDatabase(stack.urls.ownerUrl);
  await furnish();
});

afterAll(async () => {
  await owner?.$client.end();
  await stack?.stop();
  await stopCluster?.();
});

describe('every door has a row', () => {
  test('pages and routes', () => {
    const files = sources((name) => /^(page|route)\.tsx?$/.test(name));
    expect([...new Set(doors.map(({ file }) => file)), ...doorsOfTheirOwn].sort()).toEqual(files);
  });

  test('actions', () => {
    expect(actionsByFile()).toEqual(
      Object.fromEntries(Object.entries(actions).map(([file, guards]) => [file, Object.keys(guards)])),
    );
  });
});

/** In the language of whoever asked. */
const nothingThere = /Такой страницы нет|There is no such page/;

describe('who may use which door', () => {
  test.each([...doors, ...serverDoors].map((door) => [`${door.method ?? 'GET'} ${door.path}`, door] as const))(
    '%s',
    async (_name, door) => {
      const path = filled(door.path);
      const statuses = await Promise.all(
        callers.map(async (caller) => {
          const response = await ask(caller, path, door.method);
          const body = await hear(`${caller} at ${door.method ?? 'GET'} ${door.path}`, response);
          if (response.status === 404 && door.file.endsWith('/page.tsx')) {
            expect(visibleText(body.toString()), `${caller} without scripts`).toMatch(nothingThere);
          }
          return response.status;
        }),
      );
      expect(Object.fromEntries(callers.map((caller, i) => [caller, statuses[i]]))).toEqual(
        Object.fromEntries(callers.map((caller, i) => [caller, door.expected[i]])),
      );
    },
  );
});

describe('before the reveal no reference of test', () => {
  const leaking = (said: readonly Heard[]) =>
    said.filter(({ bytes }) => holdsCanary(canary, bytes)).map(({ where }) => where);
  const rowsOf = async (url: string) => {
    const reader = openDatabase(url);
    const rows = (await readableRows(reader)).map(({ table, text }) => ({ where: table, bytes: Buffer.from(text) }));
    await reader.$client.end();
    return rows;
  };
  /** What the desk tells those who may read labels. */
  const atTheDesk = /^(organiser|administrator) at .*\/open\/desk\//;

  test('goes through any door', () => {
    expect(heard.length).toBe(callers.length * [...doors, ...serverDoors].length);
    expect(leaking(heard.filter(({ where }) => !atTheDesk.test(where)))).toEqual([]);
    // The control: it is known where it is.
    expect(leaking(heard)).toContain('organiser at GET /organise/open/desk/labels');
  });

  test('is in what the router of pages asks for, now or ahead', async () => {
    const now = { RSC: '1' };
    const ahead = { ...now, 'Next-Router-Prefetch': '1' };
    const ways = [
      ['member', now],
      ['member', ahead],
      ['organiser', now],
      ['outsider', now],
    ] as const;
    const pages = [...new Set(doors.filter(({ file }) => file.endsWith('page.tsx')).map(({ path }) => path))];
    const before = heard.length;
    for (const path of pages) {
      const asked = ways.map(async ([caller, headers]) => {
        const way = `${path}${path.includes('?') ? '&' : '?'}_rsc=x`;
        const first = await ask(caller, filled(way), 'GET', headers);
        // To where the digest of its headers is right: only there the data are.
        const there = /^\/.*[?&]_rsc=/.test(first.headers.get('location') ?? '') && first.headers.get('location');
        await hear(`${caller} at ${way}`, there ? await ask(caller, there, 'GET', headers) : first);
      });
      await Promise.all(asked);
    }
    expect(heard.length - before).toBe(ways.length * pages.length);
    expect(leaking(heard.slice(before))).toEqual([]);
  });

  test('is in an export, or on the page of an error', async () => {
    const before = heard.length;
    const paths = [
      '/nothing',
      '/c/open/nothing',
      '/c/open/board?at=never',
      '/organise/open/nothing',
      '/organise/open/desk/nothing',
      '/%E0%A4%A',
      '/api/v1/competitions/open/leaderboard?at=never',
      '/api/v1/competitions/open/data/nothing.csv',
    ];
    for (const caller of ['nobody', 'member', 'organiser'] as const) {
      for (const path of paths) await hear(`${caller} at ${path}`, await ask(caller, path));
      const table = await ask(caller, '/api/v1/competitions/open/leaderboard', 'GET', { Accept: 'text/csv' });
      expect(table.headers.get('content-type')).toContain('text/csv');
      await hear(`${caller} at the board as CSV`, table);
    }
    expect(leaking(heard.slice(before))).toEqual([]);
  });

  test('is in what the web may read of the database, mails with it', async () => {
    const rows = await rowsOf(stack.urls.webUrl);
    const tables = [...new Set(rows.map(({ where }) => where))];
    expect(tables).toEqual(expect.arrayContaining(['public.submissions', 'public.events', 'pg_catalog.pg_stats']));
    expect(tables.filter((table) => table.startsWith('hidden.'))).toEqual([]);
    expect(leaking(rows)).toEqual([]);
    // The control: the owner's rows hold it, and nothing outside of the hidden schema does, mails among them.
    const found = [...new Set(leaking(await rowsOf(stack.urls.ownerUrl)))];
    expect(found).toEqual(expect.arrayContaining(['hidden.test_references', 'hidden.label_edits']));
    expect(found.filter((table) => !/^hidden\.|^pg_catalog\./.test(table))).toEqual([]);
  });

  test('(control) would be noticed where the web may read it', async () => {
    await owner.execute(sql`update teams set name = ${`a ${canary.toUpperCase()} b`} where id = ${places.team}`);
    expect([...new Set(leaking(await rowsOf(stack.urls.webUrl)))]).toContain('public.teams');
    await owner.execute(sql`update teams set name = 'planted no more' where id = ${places.team}`);
  });

  test('is in a log, which tells everything it can', () => {
    const logs = ['server.log', 'worker.log'].map((name) => join(stack.home, name));
    const read = () => logs.map((path) => ({ where: path, bytes: readFileSync(path) }));
    for (const { bytes } of read()) expect(bytes.length).toBeGreaterThan(0);
    expect(leaking(read())).toEqual([]);
    // The control: a line that quotes it in another form.
    appendFileSync(logs[0]!, `{"level":10,"body":"${Buffer.from(`раз ${canary}`).toString('base64')}"}\n`);
    expect(leaking(read())).toEqual([logs[0]]);
  });
});

test('what browsers are sent once and for all names no table with labels, its source maps neither', () => {
  const folder = join(root, '.next/static');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(10);
  const telling = /test_references|label_edits/;
  const found = files.filter((entry) => telling.test(readFileSync(join(entry.parentPath, entry.name), 'latin1')));
  expect(found.map(({ name }) => name)).toEqual([]);
  // The control: the worker's program names them.
  expect(readFileSync(join(root, 'dist/worker.mjs'), 'utf8')).toMatch(telling);
});

const attacked = (): Attacked => ({ stack, owner, headersOf, places, secretsOfMember });

describe('what is no page of ours', () => testAddresses(attacked));
describe('headers that browsers keep to', () => testHeaders(attacked));
describe('neighbours', () => testNeighbours(attacked));
describe('files made to burst:', () => testBombs(attacked));
describe('logs', () => testLogs(attacked));
describe('somebody on the same machine', () => testOtherUser(attacked));
describe('what another site has an organiser’s browser send is refused,', () => testForged(attacked, everyChange));

describe('the desk for labels', () => {
  const path = '/organise/open/desk/labels/discard';
  const post = (headers: Record<string, string>) =>
    fetch(`${stack.origin}${path}`, {
      method: 'POST',
      headers: { ...headersOf.organiser, ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ reason: 'x' }),
    });

  test('takes nothing that another site sends along an organiser’s cookie', async () => {
    expect((await post({ Origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    // The control: from our own pages it is asked, and there is no draft.
    expect((await post({ Origin: stack.origin })).status).toBe(409);
  });

  test('is away, in a sentence, while no worker keeps one', async () => {
    const { rows } = await owner.execute<{ url: string }>(
      sql`select desk_url as url from workers where desk_url is not null`,
    );
    await owner.execute(sql`update workers set desk_url = null`);
    const response = await fetch(`${stack.origin}/organise/open/desk/labels`, { headers: headersOf.organiser });
    await owner.execute(sql`update workers set desk_url = ${rows[0]!.url}`);
    expect([response.status, (await response.json()).code]).toEqual([503, 'desk-away']);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('an assistant of a course', () => {
  test.each([
    ['/course/open', 200],
    ['/course/open/manage', 307],
    ['/course/open/manage/programme', 404],
    ['/course/open/manage/roster', 200],
    ['/course/open/manage/results', 200],
    ['/course/open/manage/grades', 200],
    ['/course/open/manage/export/sheet.csv', 404],
  ])('gets %s as %i', async (path, status) => {
    expect((await ask('assistant', path)).status).toBe(status);
  });

  test('records results and extends deadlines, and neither publishes nor changes who or what counts', async () => {
    const refused = '"status":"refused","code":"not-found"';
    const folder = 'app/course/[slug]/manage';
    const answer = async (file: string, name: string) =>
      (await act('assistant', { file: `${folder}/${file}/actions.ts`, name })).text();
    for (const [file, name] of [
      ['grades', 'publishGrades'],
      ['roster', 'bringRoster'],
      ['programme', 'writeHomework'],
    ] as const) {
      expect(await answer(file, name), name).toContain(refused);
    }
    for (const [file, name] of [
      ['results', 'typeResults'],
      ['students/[id]', 'extendDeadline'],
    ] as const) {
      expect(await answer(file, name), name).not.toContain(refused);
    }
  });
});

describe('who may use which action', () => {
  const all = Object.entries(actions).flatMap(([file, guards]) =>
    Object.entries(guards).map(([name, guard]) => [`${file} ${name}`, { file, name, guard }] as const),
  );

  test.each(all.filter(([, { guard }]) => guard !== 'public'))(
    '%s sends nobody to the sign-in page',
    async (_name, action) => {
      const response = await act('nobody', action);
      expect(response.headers.get('x-action-redirect')).toMatch(/^\/sign-in/);
    },
  );

  test.each(all.filter(([, { guard }]) => guard === 'organiser'))(
    '%s does not exist for others',
    async (_name, action) => {
      const refused = '"status":"refused","code":"not-found"';
      expect(await (await act('member', action)).text()).toContain(refused);
      expect(await (await act('outsider', action)).text()).toContain(refused);
      // The control: it is the caller that is refused, not the way of asking. Roles are the administrator's to give.
      expect(await (await act('administrator', action)).text()).not.toContain(refused);
    },
  );
});

describe('a link for one evening', () => {
  const open = (path: string) => fetch(`${stack.origin}${path}`, { redirect: 'manual' });

  test('moves its token out of the address into a cookie that no script reads, and opens its own page only', async () => {
    const token = await createEveningLink(
      owner,
      places.open!,
      { role: 'stage', name: 'Света', expiresAt: hoursFromNow(1) },
      { actorId: null },
    );
    const opened = await open(`/stage/${token}`);
    expect([opened.status, opened.headers.get('location')]).toEqual([307, '/stage']);
    expect(opened.headers.get('referrer-policy')).toMatch(/same-origin|no-referrer/);
    const [cookie] = opened.headers.getSetCookie();
    expect(cookie).toMatch(/^rostrum-stage=.*HttpOnly/i);
    const headers = { Cookie: cookie!.split(';')[0]! };
    const page = await (await fetch(`${stack.origin}/stage`, { headers })).text();
    expect(page).toContain('Света');
    expect(page).not.toContain(token);
    expect(await (await fetch(`${stack.origin}/jury`, { headers })).text()).not.toContain('Света');
    // To a juror's door the same token is no key.
    expect((await open(`/jury/${token}`)).headers.getSetCookie()).toEqual([]);
    for (const log of ['server', 'worker']) {
      expect(readFileSync(join(stack.home, `${log}.log`), 'utf8')).not.toContain(token);
    }
  });

  test('presses the remote of the reveal where organisers allow it, but never opens everything', async () => {
    const given = { role: 'stage', name: 'Игорь', expiresAt: hoursFromNow(1) } as const;
    const token = await createEveningLink(owner, places.open!, given, { actorId: null });
    const cookie = (await open(`/stage/${token}`)).headers.getSetCookie()[0]!.split(';')[0]!;
    const headers = { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' };
    const press = async (move: string) => {
      const path = `${stack.origin}/stage/reveal?move=${move}&expected=0`;
      return (await fetch(path, { method: 'POST', headers })).status;
    };
    expect(await press('next')).toBe(403);
    await owner.execute(sql`update competitions set reveal_by_helpers = true where id = ${places.open!}`);
    // There is no result yet.
    expect([await press('next'), await press('all')]).toEqual([409, 400]);
  });

  test('is asked for by what it does: nobody presses or marks without one', async () => {
    for (const action of [
      { file: 'app/stage/actions.ts', name: 'pressAsGuest' },
      { file: 'app/jury/actions.ts', name: 'saveMarks' },
    ]) {
      for (const caller of ['nobody', 'administrator'] as const) {
        expect(await (await act(caller, action)).text()).toContain('"status":"refused","code":"not-found"');
      }
    }
  });
});

test('an assistant runs the stage and ticks who is there, and arranges nothing', async () => {
  const refused = '"status":"refused","code":"not-found"';
  const defence = 'app/organise/[slug]/defence';
  const answerTo = async (file: string, name: string) =>
    (await act('assistant', { file: `${defence}/${file}`, name })).text();
  expect(await answerTo('attendance/actions.ts', 'override')).toContain(refused);
  expect(await answerTo('actions.ts', 'move')).toContain(refused);
  expect(await answerTo('links/actions.ts', 'makeLink')).toContain(refused);
  // The control: the stage and the boxes are theirs, too.
  expect(await answerTo('stage/actions.ts', 'pressRemote')).not.toContain(refused);
  expect(await answerTo('attendance/actions.ts', 'tick')).not.toContain(refused);
  const status = async (page: string) => (await ask('assistant', `/organise/open/defence/${page}`)).status;
  expect([await status('stage'), await status('attendance')]).toEqual([200, 200]);
  expect([await status('jury'), await status('links')]).toEqual([404, 404]);
});

describe('a link that ends one kind of mail', () => {
  test('does so by POST, from anywhere and without signing in, and for nothing and nobody else', async () => {
    const { id: userId } = await aUser(owner);
    const token = signUnsubscription(stack.secret, { userId, category: 'phases' });
    const address = `${stack.origin}/unsubscribe/${token}`;
    const refused = async () => (await getMailChoices(owner, userId)).refused;
    const page = await fetch(address);
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/unsubscribe']);
    expect(await page.text()).toContain(token);
    expect(await refused()).toEqual([]);
    const press = (to: string) =>
      fetch(to, {
        method: 'POST',
        headers: { Origin: 'https://mail.example.com', 'Sec-Fetch-Site': 'cross-site' },
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
    expect((await press(address.replace('phases', 'results'))).status).toBe(404);
    expect(await refused()).toEqual([]);
    expect((await press(address)).status).toBe(200);
    expect((await press(address)).status).toBe(200);
    expect(await refused()).toEqual(['phases']);
  });
});

describe('slides', () => {
  test('are served as a file that runs nowhere', async () => {
    const response = await ask('member', `/c/open/defence/${places.team}/slides`);
    expect(response.headers.get('content-security-policy')).toMatch(/(^|[;,]\s*)sandbox/);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await response.arrayBuffer()).equals(aPdf())).toBe(true);
  });

  test('are taken twenty times an hour from one person', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1) {
      statuses.push((await ask('rival', '/c/open/team/talk/slides?file=talk.pdf', 'PUT')).status);
    }
    expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(20);
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });
});

describe('from the freeze to the reveal', () => {
  /** Not the team itself, which sees what it does. */
  const others = ['nobody', 'stranger', 'rival', 'organiser'] as const;
  let stage: FrozenStage;
  let frozen: Crawl;
  beforeAll(async () => {
    stage = await aFrozenStage(stack, owner);
    frozen = await crawl(others, publicPaths(stage), read);
  });

  test('nothing that others can read changes, whatever happens', async () => {
    const follower = await follow(stack.origin, stage.competition);
    await eventually(5, async () => follower.events.some(({ name }) => name === 'board'));
    await whatMayHappen(stage);
    expect(await read('member', `/api/v1/competitions/${stage.slug}/submissions`)).toContain('"wer":0');
    const changed = differences(frozen, await crawl(others, publicPaths(stage), read));
    // A promise of corrected labels that is told late is worth nothing, and it says nothing of anybody. A rival's own files are
    // scored by them, too, and show so to the rival.
    const allowed = [
      ...others.map((caller) => `${caller} /c/${stage.slug}/data`),
      `rival /c/${stage.slug}/submissions`,
      `rival /c/${stage.slug}/team/talk`,
    ];
    expect(omit(changed, allowed)).toEqual({});
    expect(Object.keys(changed)).toEqual(allowed.sort());
    expect(follower.events.filter(({ name }) => name === 'board' || name === 'phase')).toHaveLength(1);
    follower.close();
  });

  test('and all of it shows with the reveal, live: the crawl would have seen it', async () => {
    const follower = await follow(stack.origin, stage.competition);
    await stage.reveal();
    const board = await eventually(10, async () => follower.events.filter(({ name }) => name === 'board')[1]);
    expect(board.data).toContain(stage.newName);
    follower.close();
    const changed = Object.keys(differences(frozen, await crawl(['nobody'], publicPaths(stage), read)));
    const [page, api] = [`nobody /c/${stage.slug}`, `nobody /api/v1/competitions/${stage.slug}`];
    expect(changed).toEqual(
      expect.arrayContaining([
        `${page}/board`,
        `${page}/board?anew`,
        `${page}/board/history`,
        `${page}/baseline`,
        `${api}/leaderboard`,
        `${api}/leaderboard?format=csv`,
        `nobody /live/${stage.slug}`,
        `nobody /live/${stage.slug}?anew`,
      ]),
    );
  });

  /** Every page, route and listing that is open to all; some with a query that is of no account, so that none is one that was kept. */
  function publicPaths({ slug, frozenAt }: FrozenStage): string[] {
    const open = doors.filter(({ method = 'GET', expected }) => method === 'GET' && expected === toAll);
    const listed = open
      .map(({ path }) => path)
      .filter((path) => /^\/(?!course).*\/open\b/.test(path) && !path.includes('{'));
    const minute = (minutes: number) => new Date(frozenAt.getTime() + minutes * 60_000).toISOString();
    const leaderboard = `/api/v1/competitions/${slug}/leaderboard`;
    return [
      ...new Set(listed.map((path) => path.replace('/open', `/${slug}`))),
      ...['/', '/api/v1/competitions'],
      ...[`/c/${slug}/board`, `/live/${slug}`, '/'].map((path) => `${path}?anew`),
      `${leaderboard}?format=csv`,
      ...[-60, -1, 1, 60 * 24].map((minutes) => `${leaderboard}?at=${minute(minutes)}`),
      ...[-60, 60 * 24].map((minutes) => `/c/${slug}/board/history?at=${minute(minutes).slice(0, 16)}`),
    ];
  }

  async function read(caller: Caller, path: string): Promise<string> {
    const headers = { ...headersOf[caller], ...stage.headersOf[caller as keyof FrozenStage['headersOf']] };
    const response = await fetch(`${stack.origin}${path}`, { headers, redirect: 'manual' });
    return `${response.status} ${await response.text()}`;
  }
});

// Last: it does everything that there is to do.
describe('acts', () => testForeignActs(attacked));

async function furnish(): Promise<void> {
  const [stranger, organiser, outsider] = [await aUser(owner), await aUser(owner), await aUser(owner)];
  const administrator = await aUser(owner, { isAdministrator: true });
  const mapping = [{ from: 'ок', to: 'окей' }];
  const references = tenUtterances.map(({ reference, ...rest }) => ({ ...rest, reference: `${reference} ${canary}` }));
  const open = await aTestSplit(owner, await aCompetition(owner, { slug: 'open', mapping }), references);
  const draft = await aCompetition(owner, { slug: 'draft', publishedAt: null, mapping });
  const other = await aCompetition(owner, { slug: 'other' });
  const act = { actorId: null };
  for (const { id } of [open, draft]) await grantRole(owner, id, organiser.id, 'organiser', act);
  await grantRole(owner, other.id, outsider.id, 'organiser', act);
  const assistant = await aUser(owner);
  await grantRole(owner, open.id, assistant.id, 'assistant', act);
  const { team: ownTeam, people } = await aTeam(owner, open);
  const member = people[0]!;
  places.team = ownTeam.id;
  places.open = open.id;
  const slides = { ...(await storeRecording(inFolder(stack.home), aPdf())), name: 'talk.pdf' };
  await saveSlides(owner, open.id, member.id, slides);
  const rival = (await aTeam(owner, open)).people[0]!;
  const bytes = aPredictionsFile();
  secretsOfMember.email = member.email;
  const { file, note, dev } = secretsOfMember as Record<'file' | 'note' | 'dev', string>;
  const { submission } = await createSubmission(owner, anUpload(open, member, { bytes, fileName: file, note }));
  places.submission = submission.id;
  await aDevSplit(owner, open);
  const forDev = anUpload(open, member, { split: 'dev', bytes: aPredictionsFile(devUtterances, 3), fileName: dev });
  places.devSubmission = (await createSubmission(owner, forDev)).submission.id;
  await eventually(30, async () => {
    const { status } = await getSubmissionFor(owner, places.devSubmission!, member);
    return status.state === 'scored';
  });
  await aDevSplit(owner, draft);
  // What the microphone page begins with lasts a few seconds.
  const clip = { seconds: 3, ...(await storeRecording(inFolder(stack.home), aWav())) };
  for (const { id } of [open, draft]) {
    await owner
      .update(utterances)
      .set(clip)
      .where(and(eq(utterances.competitionId, id), eq(utterances.id, 'd1')));
  }
  await furnishCourses(open.id, draft.id, member);
  places.invite = (await createInvite(owner, open.id, member.id)).token;
  const token = await createApiToken(owner, member.id, { name: 'notebook', scopes: ['read'], days: null });
  headersOf = {
    nobody: {},
    stranger: await cookieFor(stranger.id),
    member: await cookieFor(member.id),
    rival: await cookieFor(rival.id),
    organiser: await cookieFor(organiser.id),
    assistant: await cookieFor(assistant.id),
    outsider: await cookieFor(outsider.id),
    administrator: await cookieFor(administrator.id),
    reader: { Authorization: `Bearer ${token}` },
  };
  await correctLabels();
}

/** A correction in force and an audit of what an organiser's system heard, all of it with the canary. */
async function correctLabels(): Promise<void> {
  const post = async (path: string, body: string, type = 'application/json') => {
    const response = await fetch(`${stack.origin}/organise/open/desk/labels/${path}`, {
      method: 'POST',
      headers: { ...headersOf.organiser, Origin: stack.origin, 'Content-Type': type },
      body,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const read = async (path: string) => (await ask('organiser', `/organise/open/desk/labels/${path}`)).json();
  const edit = { alternatives: [`или ${canary}`], excluded: false, reason: 'listened' };
  await post('edit', JSON.stringify({ id: 'u1', reference: `нет ${canary}`, ...edit }));
  await post('rescore', '');
  await eventually(30, async () => ((await read('state')) as LabelState).draft?.rescore?.state === 'done');
  await post('apply', JSON.stringify({ reason: 'agreed' }));
  const lines = tenUtterances.map(({ id }) => `${id},нет ${canary}\n`);
  await post('audit/file?name=system.csv', `id,text\n${lines.join('')}`, 'text/csv');
  await post('audit/start', '');
  await eventually(30, async () => ((await read('audit')) as AuditState).last?.state === 'done');
}

/** A course of each competition; the member is in the open one. */
async function furnishCourses(openId: string, draftId: string, member: { email: string }): Promise<void> {
  const act = { actorId: null };
  const names = { nameRu: 'Курс', nameEn: 'Course', timeZone: 'Europe/Moscow' };
  await createCourse(owner, { ...names, slug: 'draft', competitionId: draftId }, act);
  const course = await createCourse(owner, { ...names, slug: 'open', competitionId: openId }, act);
  await publishCourse(owner, course, act);
  const address = parseEmailAddress(member.email)!;
  await importRoster(owner, course, [{ studentNumber: '1', name: 'Анна', groupName: '', address }], act);
  const softAt = hoursFromNow(24);
  const homework = { titleRu: 'Первое', titleEn: 'First', link: null, maxPoints: 20, handedOutAt: hoursFromNow(-24) };
  places.homework = await saveHomework(owner, course, null, { ...homework, softAt, hardAt: hoursFromNow(48) }, act);
  places.student = (await listStudents(owner, course.id))[0]!.id;
}

function cookieFor(userId: string): Promise<{ Cookie: string }> {
  return sessionCookie(stack, owner, userId);
}

function filled(path: string): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => places[name]!);
}

/** Keeps what a caller was told, headers too; of a stream without an end, how it begins. */
async function hear(where: string, response: Response): Promise<Buffer> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const body = isStream ? await beginningOf(response) : new Uint8Array(await response.arrayBuffer());
  // The body first: it may be packed.
  heard.push({ where, bytes: Buffer.concat([body, Buffer.from(JSON.stringify([...response.headers]))]) });
  return Buffer.from(body);
}

async function beginningOf(response: Response): Promise<Uint8Array> {
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return value ?? new Uint8Array();
}

function ask(
  caller: Caller | 'assistant',
  path: string,
  method: Method = 'GET',
  more: Record<string, string> = {},
): Promise<Response> {
  const headers = { ...headersOf[caller], ...(method === 'GET' ? {} : { Origin: stack.origin }), ...more };
  const get = path.startsWith('/api/v1/') ? checkedFetch : fetch;
  return get(`${stack.origin}${path}`, { method, headers, redirect: 'manual' });
}

/** As the browser calls an action, with the slug and nothing typed. */
function act(caller: Caller | 'assistant', action: { file: string; name: string }): Promise<Response> {
  const { path, ...request } = callOf(action);
  return fetch(`${stack.origin}${path}`, {
    ...request,
    headers: { ...headersOf[caller], Origin: stack.origin, ...request.headers },
    redirect: 'manual',
  });
}

function callOf(action: { file: string; name: string }): Target {
  const { id, page } = builtAction(action);
  const path = page.replace('[slug]', 'open').replace('[token]', places.invite!).replace('[id]', idOn(page));
  const headers = { 'Next-Action': id, 'Content-Type': 'text/plain;charset=UTF-8' };
  return { method: 'POST', path, headers, body: JSON.stringify(['open', null, {}]) };
}

/** Every route that changes something, and every action. */
function everyChange(): Target[] {
  const routes = doors.filter(({ method = 'GET' }) => method !== 'GET');
  const calls = Object.entries(actions).flatMap(([file, guards]) =>
    Object.keys(guards).map((name) => callOf({ file, name })),
  );
  return [...routes.map(({ method = 'POST', path }) => ({ method, path: filled(path) })), ...calls];
}

function idOn(page: string): string {
  if (page.includes('/teams/')) return places.team!;
  return page.includes('/students/') ? places.student! : places.submission!;
}

function omit(record: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
