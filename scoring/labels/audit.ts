import type { Words } from '../wer/normalise.ts';
import { findConsensus } from './consensus.ts';
import { distinctSystems, type Outputs, type Trusts, trustsOf } from './systems.ts';

/** Labels, with further wordings that are as good, and what systems heard: [systems][utterances]. */
export type AuditedOutputs = { readonly labels: readonly (readonly Words[])[]; readonly systems: readonly Outputs[] };

/** An utterance that systems agree on hearing otherwise. */
export type Suspect = {
  readonly utterance: number;
  readonly consensus: Words;
  /** Natural logarithm of the odds that the label is wrong and this is right, were what systems err on independent. */
  readonly logOdds: number;
};

export type LabelAudit = {
  /** Surest first; of equal ones the one that comes first in the split. */
  readonly suspects: readonly Suspect[];
  /** How many different systems there are by weight. */
  readonly effectiveSystems: number;
};

/** Share of utterances whose labels are taken to be wrong before anything is known of them. */
const wrongShare = 0.02;
const priorLogOdds = Math.log(wrongShare / (1 - wrongShare));
/** Natural logarithms of 99 to 1 and of evens. */
const strongFrom = Math.log(99);
const mediumFrom = 0;

/** No probability: what is hard for all is misheard alike by all, so the odds are too high (`npm run bench labels` says how much). */
export function strengthOf(logOdds: number): 'strong' | 'medium' | 'weak' {
  if (logOdds >= strongFrom) return 'strong';
  return logOdds >= mediumFrom ? 'medium' : 'weak';
}

/** Between two calls of `pause`. */
const utterancesAtOnce = 64;

/**
 * Ranks utterances by how surely their labels are wrong. Systems are weighed twice: by the labels as they are, then by what is believed
 * in after that, since labels that are wrong make good systems look bad and alike. Fewer than two different systems agree on nothing.
 * `pause` is called now and then, for whoever has other things to do; what it throws ends the audit.
 */
export async function auditLabels(
  { labels, systems }: AuditedOutputs,
  pause: () => Promise<void> = async () => {},
): Promise<LabelAudit> {
  const { outputs } = distinctSystems(systems);
  if (outputs.length < 2) return { suspects: [], effectiveSystems: outputs.length };
  const asLabelled = labels.map(([label]) => label!);
  const first = await rank(labels, outputs, await trustsOf(asLabelled, outputs, pause), pause);
  const believed = [...asLabelled];
  for (const { utterance, consensus, logOdds } of first) if (logOdds > 0) believed[utterance] = consensus;
  const trusts = await trustsOf(believed, outputs, pause);
  const effectiveSystems = trusts.systems.reduce((sum, { weight }) => sum + weight, 0);
  return { suspects: await rank(labels, outputs, trusts, pause), effectiveSystems };
}

async function rank(
  labels: AuditedOutputs['labels'],
  outputs: readonly Outputs[],
  trusts: Trusts,
  pause: () => Promise<void>,
): Promise<Suspect[]> {
  const suspects: Suspect[] = [];
  for (const [utterance, wordings] of labels.entries()) {
    if (utterance % utterancesAtOnce === 0) await pause();
    const hypotheses = outputs.map((heard) => heard[utterance]!);
    const { text, evidence } = findConsensus({ wordings, hypotheses }, trusts);
    if (evidence > 0) suspects.push({ utterance, consensus: text, logOdds: evidence + priorLogOdds });
  }
  return suspects.sort((a, b) => b.logOdds - a.logOdds || a.utterance - b.utterance);
}
