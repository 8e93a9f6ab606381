/*
 * The pictures of the documentation and the README. tests/e2e/pictures.spec.ts walks to each of them in every run and, where it is
 * told to (`npm run screenshots`), writes them.
 */

export type Picture = {
  name: string;
  /** Of the demo. */
  path: string;
  seenBy: 'nobody' | 'captain' | 'organiser';
  /** In CSS pixels: what is on the screen is in the picture. */
  width: number;
  height: number;
  /** Whether it is taken in the dark, too. */
  inDark?: true;
  /** What has to be there before it is taken: a selector. */
  shows: string;
  /** What the picture begins with, where that is not the top of the page: a selector. */
  from?: string;
};

export const pictures: readonly Picture[] = [
  {
    name: 'board',
    path: '/c/demo/board',
    seenBy: 'nobody',
    width: 1160,
    height: 780,
    inDark: true,
    // Five teams and the baseline.
    shows: 'table.board tbody tr:nth-of-type(6)',
  },
  {
    name: 'lab',
    path: '/c/demo/lab',
    seenBy: 'captain',
    width: 1160,
    height: 820,
    shows: '#utterance',
    from: '#utterance',
  },
  {
    name: 'console',
    path: '/organise/demo',
    seenBy: 'organiser',
    width: 1160,
    height: 820,
    shows: 'main nav a[aria-current]',
  },
  {
    name: 'labels',
    path: '/organise/demo/labels',
    seenBy: 'organiser',
    width: 1160,
    height: 820,
    shows: 'main li, main tr',
  },
  { name: 'reveal', path: '/organise/demo/reveal', seenBy: 'organiser', width: 1160, height: 820, shows: 'main form' },
  {
    name: 'grades',
    path: '/course/demo-course/manage/grades',
    seenBy: 'organiser',
    width: 1160,
    height: 820,
    shows: 'main table tbody tr',
  },
];

export const pictureLanguages = ['ru', 'en'] as const;

/** The file of a picture in docs/images. The dark one stands beside the light one under the same name. */
export function pictureFile(name: string, language: string, theme: 'light' | 'dark'): string {
  return `${name}-${language}${theme === 'dark' ? '.dark' : ''}.webp`;
}

export function everyPictureFile(): string[] {
  return pictures.flatMap(({ name, inDark }) =>
    pictureLanguages.flatMap((language) => [
      pictureFile(name, language, 'light'),
      ...(inDark ? [pictureFile(name, language, 'dark')] : []),
    ]),
  );
}
