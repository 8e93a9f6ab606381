import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
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
export async function runLabelAudit(db: Database, id: string): Promise<void> {
  const claim = await claimLabelAudit(db, id, leaseSeconds);
  if (claim === null) return;
  let isOurs = true;
  const timer = setInterval(() => {
    renewLabelAudit(db, claim, leaseSeconds)
      .then((held) => {
        isOurs = held;
      })
      .catch((error: unknown) => log.warn({ err: error, auditId: id }, 'audit not renewed'));
  }, renewEveryMs);
  try {
    const findings = await audit(db, claim, async () => {
      await nextTurn();
      if (!isOurs) throw new Error(`audit ${id} is no longer of attempt ${claim.attempt}`);
    });
    if (findings === null) await recordLabelAuditFailed(db, claim, 'too-few');
    else if (await recordLabelAudit(db, claim, findings)) {
      const { audited, effectiveSystems, suspects } = findings;
      log.info({ auditId: id, audited, effectiveSystems, suspects: suspects.length }, 'labels audited');
    }
  } catch (error) {
    log.error({ err: error, auditId: id }, 'audit failed');
    await recordLabelAuditFailed(db, claim, 'internal');
  } finally {
    clearInterval(timer);
  }
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
