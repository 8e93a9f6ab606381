/** For whom a page is written. */
export const audiences = ['teams', 'organisers', 'operators'] as const;
export type Audience = (typeof audiences)[number];

/** Names of pages in the order in which they are read. One that has no file yet is left out. */
export const readingOrder: Record<Audience, readonly string[]> = {
  teams: [
    'first-steps',
    'predictions',
    'scoring',
    'lab',
    'fair-play',
    'command-line',
    'api',
    'accessibility',
    'personal-data',
  ],
  organisers: ['competition', 'labels', 'defence', 'course'],
  operators: [
    'install',
    'deploy',
    'settings',
    'proxy',
    'sign-in',
    'mail',
    'data',
    'backup',
    'upgrade',
    'monitoring',
    'faults',
    'scale',
    'security',
    'gpu',
    'log',
    'commitment',
  ],
};
