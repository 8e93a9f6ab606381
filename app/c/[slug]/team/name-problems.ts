import type { Translate } from '#lib/messages/translate.ts';
import type { TeamNameProblem } from '#lib/team-name.ts';

/** What may be wrong with a name, in the reader's language: for the field that checks it in the browser. */
export function nameProblems(t: Translate): Record<TeamNameProblem, string> {
  return {
    'too-short': t('common.error-name-too-short'),
    'too-long': t('common.error-name-too-long'),
    characters: t('common.error-name-characters'),
    marks: t('common.error-name-marks'),
    'mixed-scripts': t('common.error-name-mixed-scripts'),
  };
}
