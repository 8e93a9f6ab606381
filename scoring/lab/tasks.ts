import type { LabRules } from './align.ts';
import type { Analysis } from './analysis.ts';
import type { LabComparison } from './comparison.ts';
import type { LabFile } from './corpus.ts';
import type { SoundPicture } from './sound-picture.ts';

/**
 * What the lab has done beside the event loop. `utterances` is JSON of LabUtterance[], made once per split: cloning ten thousand
 * objects would cost more.
 */
type OfSplit = { utterances: string; rules: LabRules };
export type AnalysisTask = OfSplit & { kind: 'analysis'; file: LabFile };
export type ComparisonTask = OfSplit & { kind: 'comparison'; first: LabFile; second: LabFile };
export type TableTask = OfSplit & { kind: 'table'; file: LabFile; as: 'csv' | 'json' };
export type PictureTask = { kind: 'picture'; path: string };

export type LabTask = AnalysisTask | ComparisonTask | TableTask | PictureTask;
export type LabAnswer = Analysis | LabComparison | SoundPicture | string | null;
