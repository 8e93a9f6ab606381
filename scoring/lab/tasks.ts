import type { LabRules } from './align.ts';
import type { Analysis } from './analysis.ts';
import type { LabComparison } from './comparison.ts';
import type { LabFile } from './corpus.ts';

/**
 * What the lab has done beside the event loop. `utterances` is JSON of LabUtterance[], made once per split: cloning ten thousand
 * objects would cost more.
 */
type OfSplit = { utterances: string; rules: LabRules };
export type AnalysisTask = OfSplit & { kind: 'analysis'; file: LabFile };
export type ComparisonTask = OfSplit & { kind: 'comparison'; first: LabFile; second: LabFile };
export type TableTask = OfSplit & { kind: 'table'; file: LabFile; as: 'csv' | 'json' };
export type PeaksTask = { kind: 'peaks'; path: string };

export type LabTask = AnalysisTask | ComparisonTask | TableTask | PeaksTask;
export type LabAnswer = Analysis | LabComparison | string | number[] | null;
