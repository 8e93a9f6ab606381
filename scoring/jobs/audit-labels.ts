import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { giveBackJob } from '#lib/db/jobs.ts';
import {
  type AuditedFile,
  type AuditFindings,
  claimLabelAudit,
  listAuditedFiles,
  mostSuspects,
  recordLabelAudit,
  recordLabelAuditFailed,
  renewLabelAudit,
} from '#lib/db/label-audit-jobs.ts';
import type { LabelAudit } from '#lib/db/label-audits.ts';
import { listTestReferences } from '#lib/db/labels.ts';
import { log } from '#lib/log.ts';
import { holdClaim } from '#scoring/jobs/hold.ts';
import { readOutputs } from '#scoring/jobs/outputs.ts';
import { auditLabels } from '#scoring/labels/audit.ts';
import { distinctSystems, type Outputs } from '#scoring/labels/systems.ts';
import { createNormaliser, isProfileName } from '#scoring/wer/normalise.ts';

const leaseSeconds = 15;
const renewEveryMs = 5_000;

/**
 * Audits the labels of test by what systems heard, as an organiser asked. It takes turns with everything else that the worker does, and can
 * be stopped at any moment: the next attempt begins anew.
 */
export async function runLabelAudit(db: Database, id: string, stopping?: AbortSignal): Promise<void> {
  const claim = await claimLabelAudit(db, id, leaseSeconds);
  if (claim === null) return;
  const hold = holdClaim({
    about: { kind: 'audit-labels', id, attempt: claim.attempt },
    renewEveryMs,
    renew: () => renewLabelAudit(db, claim, leaseSeconds),
    giveBack: () => giveBackJob(db, { kind: 'audit-labels', id }, claim.attempt),
    stopping,
  });
  const work = async () => {
    const findings = await audit(db, claim, async () => {
      await nextTurn();
      hold.signal.throwIfAborted();
    });
    if (findings === null) await recordLabelAuditFailed(db, claim, 'too-few');
    else if (await recordLabelAudit(db, claim, findings)) {
      const { audited, effectiveSystems, suspects } = findings;
      log.info({ auditId: id, audited, effectiveSystems, suspects: suspects.length }, 'labels audited');
    }
  };
  await hold.until(work(), async () => {
    await recordLabelAuditFailed(db, claim, 'internal');
    return 'failed';
  });
}

/** Null where fewer than two different systems were heard. */
async function audit(db: Database, claim: LabelAudit, pause: () => Promise<void>): Promise<AuditFindings | null> {
  const { profile, mapping } = await getCompetitionById(db, claim.competitionId);
  if (!isProfileName(profile)) throw new Error(`unknown profile "${profile}"`);
  const normaliser = createNormaliser(profile, mapping);
  const all = await listTestReferences(db, claim.competitionId, claim.labelVersion);
  const heard: { file: AuditedFile; outputs: Outputs }[] = [];
  for (const file of await listAuditedFiles(db, claim.competitionId)) {
    const outputs = await readOutputs(db, file, all, normaliser);
    if (outputs !== null) heard.push({ file, outputs });
    await pause();
  }
  const systems = heard.map(({ outputs }) => outputs);
  if (distinctSystems(systems).outputs.length < 2) return null;
  const utterances = all.filter(({ fold }) => fold !== null);
  const labels = utterances.map(({ references }) => references.map((text) => normaliser.words(text)));
  const { suspects, effectiveSystems } = await auditLabels({ labels, systems }, pause);
  return {
    systems: heard.map(({ file: { kind, id } }) => ({ kind, id })),
    audited: utterances.length,
    effectiveSystems,
    suspects: suspects.slice(0, mostSuspects).map(({ utterance, logOdds, consensus }) => ({
      id: utterances[utterance]!.id,
      logOdds,
      wordings: [...utterances[utterance]!.references],
      consensus: consensus.join(' '),
      hypotheses: systems.map((outputs) => outputs[utterance]!.join(' ')),
    })),
  };
}
