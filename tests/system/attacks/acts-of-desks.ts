import { aPredictionsFile } from '../../builders.ts';
import { type Act, both, later, local, names, ofFile, predictions, type Route, reason, soon, typed } from './act.ts';
import type { Ids } from './event.ts';

/* What organisers do of a course, at the desk of hidden labels, and by files that are too large for a form. */

const manage = 'app/course/[slug]/manage';
export const ofCourses: Act[] = [
  ...ofFile(`${manage}/actions.ts`, 'organiser', {
    saveCourseTexts: (of) => typed(of, { ...names, aboutRu: 'О курсе.', aboutEn: 'About.' }),
    saveCourseSettings: (of) =>
      typed(of, {
        ...{ penaltyPerDay: '1', baselinePoints: '20', placePoints: '20', placeTable: '', equalBy: 'errors' },
        ...{ threshold3: '40', threshold4: '60', threshold5: '80', shortlistSize: '6', reason },
      }),
    saveCompetitionLink: (of) => typed(of, { competition: of.slug! }),
    openCourse: (of) => [of.slug],
  }),
  ...ofFile(`${manage}/results/actions.ts`, 'organiser', {
    bringResults: (of) =>
      typed(of, {
        file: new File([`student_id,points,handed_in\n1,15,${local(-0.5).replace('T', ' ')}\n`], 'r.csv'),
        ...{ homework: of.homework!, reason, intent: 'import' },
      }),
    typeResults: (of) =>
      typed(of, {
        ...{ homework: of.homework!, reason, everybodyAt: local(-0.5) },
        ...{ [`was-${of.otherStudent}`]: '', [`points-${of.otherStudent}`]: '9', [`at-${of.otherStudent}`]: '' },
      }),
  }),
  ...ofFile(`${manage}/roster/actions.ts`, 'organiser', {
    bringRoster: (of) =>
      typed(of, { file: new File(['student_id,name,email\n7,Олег,oleg@example.org\n'], 'r.csv'), intent: 'import' }),
    addStudent: (of) => typed(of, { number: '8', name: 'Инна', email: 'inna@example.org', group: '' }),
    invite: (of) => [of.slug],
    dropStudent: (of) => typed(of, { student: of.otherStudent!, reason }),
  }),
  ...ofFile(`${manage}/students/[id]/actions.ts`, 'organiser', {
    extendDeadline: (of) =>
      typed(of, { homework: of.homework!, student: of.student!, softAt: soon, hardAt: later, reason }),
    takeExtensionBack: (of) => typed(of, { extension: of.extension!, reason }),
  }),
  ...ofFile(`${manage}/grades/actions.ts`, 'organiser', {
    publishGrades: (of, { digest }) => typed(of, { digest, reason }),
  }),
  ...ofFile(`${manage}/programme/actions.ts`, 'organiser', {
    writeLecture: (of) => typed(of, { id: of.lecture!, ...both, heldAt: soon, materials: '', belongs: of.homework! }),
    dropLecture: (of) => typed(of, { id: of.lecture! }),
    writeHomework: (of) =>
      typed(of, {
        ...{ id: of.homework!, ...both, link: '', maxPoints: '30' },
        ...{ handedOutAt: local(-1), softAt: soon, hardAt: later },
      }),
    dropHomework: (of) => typed(of, { id: of.homework! }),
  }),
];

const desk = 'scoring/desk/routes.ts';
const atDesk = (
  name: string,
  sent: (of: Ids) => Omit<Route, 'path' | 'method'> & { query?: string },
  refusedTo?: string,
): Act => ({
  ...{ file: desk, name: `POST ${name}`, by: 'organiser' },
  sent: (of) => {
    const { query = '', ...rest } = sent(of);
    return { method: 'POST', path: `/organise/${of.slug}/desk/${name}${query}`, ...rest };
  },
  ...(refusedTo === undefined ? {} : { refusedTo }),
});
const deskJson = (body: unknown) => ({ body: JSON.stringify(body), type: 'application/json' });
const label = { reference: 'раз два', alternatives: [], excluded: false };

export const ofDesks: Act[] = [
  atDesk('labels/audit/file', () => ({ body: predictions(), type: 'text/csv', query: '?name=system.csv' })),
  atDesk('labels/audit/start', () => ({})),
  atDesk('labels/audit/file/remove', (of) => deskJson({ id: of.auditFile })),
  atDesk('labels/evidence/start', () => ({})),
  atDesk('labels/evidence/note', (of) => deskJson({ first: of.team, second: of.second, note: reason })),
  atDesk('labels/edit', () => deskJson({ id: 'u1', ...label, reason })),
  atDesk('labels/upload', () => ({
    body: aPredictionsFile().toString(),
    type: 'text/csv',
    query: `?reason=${reason}`,
  })),
  atDesk('labels/audit/answer', () => deskJson({ id: 'u1', label: null, reason })),
  // Before it was rescored, which the worker does in its own time; then there is none.
  atDesk('labels/apply', () => deskJson({ reason }), 'labels-not-previewed'),
  atDesk('labels/discard', () => deskJson({ reason })),
  atDesk('labels/rescore', () => ({}), 'labels-no-draft'),
  atDesk('reveal/rehearse', () => deskJson({ reason })),
  atDesk('reveal/preview', () => ({})),
  atDesk('reveal/file', () => ({}), 'reveal-too-early'),
  atDesk('reveal/codes', () => deskJson({ reason })),
];

export const ofUploads: Act[] = [
  {
    ...{
      file: `app/organise/[slug]/reveal/press/route.ts`,
      name: 'POST',
      by: 'organiser',
      refusedTo: 'result-not-made',
    },
    sent: ({ slug }) => ({ method: 'POST', path: `/organise/${slug}/reveal/press?move=next&expected=0` }),
  },
  {
    ...{ file: `app/organise/[slug]/baseline/file/route.ts`, name: 'POST', by: 'organiser' },
    sent: ({ slug }) => ({
      ...{ method: 'POST', path: `/organise/${slug}/baseline/file?name=Baseline&split=test`, type: 'text/csv' },
      body: predictions(),
    }),
  },
  {
    ...{ file: `app/organise/[slug]/archives/route.ts`, name: 'POST', by: 'organiser' },
    sent: ({ slug }) => ({ method: 'POST', path: `/organise/${slug}/archives?file=speech.zip&bytes=1000` }),
  },
  {
    ...{ file: `app/organise/[slug]/archives/[id]/route.ts`, name: 'PUT', by: 'organiser' },
    sent: ({ slug, archive }) => ({
      method: 'PUT',
      path: `/organise/${slug}/archives/${archive}?offset=0`,
      body: 'PK12',
    }),
  },
  {
    ...{
      file: `app/organise/[slug]/archives/[id]/route.ts`,
      name: 'POST',
      by: 'organiser',
      refusedTo: 'upload-incomplete',
    },
    sent: ({ slug, archive }) => ({ method: 'POST', path: `/organise/${slug}/archives/${archive}` }),
  },
  {
    ...{ file: `app/organise/[slug]/archives/[id]/route.ts`, name: 'DELETE', by: 'organiser' },
    sent: ({ slug, archive }) => ({ method: 'DELETE', path: `/organise/${slug}/archives/${archive}` }),
  },
];
