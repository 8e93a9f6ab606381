import type { DevFile } from '#lib/db/lab.ts';
import type { Team } from '#lib/db/teams.ts';
import type { Analysis } from '#scoring/lab/analysis.ts';
import type { LabComparison } from '#scoring/lab/comparison.ts';
import type { Visit } from '../visit.ts';
import type { LabQuery } from './query.ts';
import type { DevSplit } from './work.ts';

/** What a page of the lab shows. */
export type Lab = {
  visit: Visit;
  team: Team;
  query: LabQuery;
  /** The team's own, newest first, and the baseline's last. */
  files: readonly DevFile[];
  baseline: DevFile | null;
  file: DevFile;
  split: DevSplit;
  analysis: Analysis;
  other: Other | null;
};

/** The file that the first is compared with. */
export type Other = { file: DevFile; analysis: Analysis; comparison: LabComparison | null };

export function nameOf({ visit: { t }, baseline }: Lab, file: DevFile): string {
  return file.id === baseline?.id ? t('lab.baseline') : file.fileName || t('lab.unnamed');
}
