import { errorsOf } from '#lib/counts.ts';
import type { QuestionedLabel } from '#lib/db/label-audits.ts';
import type { AuditEvidence, AuditStep } from '#lib/label-audit.ts';
import { strengthOf } from '#scoring/labels/audit.ts';
import { align, countErrors } from '#scoring/wer/align.ts';
import { type Normaliser, normalise, type Words } from '#scoring/wer/normalise.ts';

/** Who says what, each aligned to the wording of the label that is nearest to the consensus. */
export function evidenceOf(
  { logOdds, wordings, consensus, hypotheses }: NonNullable<QuestionedLabel['suspicion']>,
  normaliser: Normaliser,
): AuditEvidence {
  const agreed = normalise(consensus);
  const label = nearest(
    wordings.map((text) => normaliser.words(text)),
    agreed,
  );
  const sayings = new Map<string, number[]>();
  for (const [system, text] of hypotheses.entries()) {
    const systems = sayings.get(text);
    if (systems) systems.push(system);
    else sayings.set(text, [system]);
  }
  return {
    strength: strengthOf(logOdds),
    consensus,
    steps: stepsOf(label, agreed),
    sayings: [...sayings]
      .sort(([, a], [, b]) => b.length - a.length || a[0]! - b[0]!)
      .map(([text, systems]) => ({ systems, steps: stepsOf(label, normalise(text)) })),
  };
}

function nearest(wordings: readonly Words[], text: Words): Words {
  const distance = (wording: Words) => errorsOf(countErrors(wording, text));
  return wordings.reduce((best, wording) => (distance(wording) < distance(best) ? wording : best));
}

/** Two texts as an organiser sees them, word by word. */
export function stepsOf(reference: Words, hypothesis: Words): AuditStep[] {
  return align(reference, hypothesis).map((step) => ({
    kind: step.kind,
    reference: step.kind === 'insertion' ? null : reference[step.reference]!,
    hypothesis: step.kind === 'deletion' ? null : hypothesis[step.hypothesis]!,
  }));
}
