import type { Call } from '#lib/http.ts';
import { downloadArchive } from '#scoring/desk/archive.ts';
import {
  addAuditFile,
  answerQuestion,
  readAudit,
  readQuestions,
  removeAuditFile,
  startAudit,
} from '#scoring/desk/audit.ts';
import { applyLabels, discardLabels, editLabel, rescoreLabels, uploadLabels } from '#scoring/desk/change-labels.ts';
import { noteEvidence, readEvidence, readExamples, startComparison } from '#scoring/desk/evidence.ts';
import { playRecording, publishedLabels, readHistory, readLabels, readState } from '#scoring/desk/read-labels.ts';
import { downloadRevealFile, previewStep, readRevealCodes, rehearseReveal } from '#scoring/desk/reveal.ts';
import type { DeskSettings } from '#scoring/desk.ts';

/** A call about the competition of `slug`. */
export type DeskCall = Call<unknown> & DeskSettings & { slug: string };
export type DeskRoute = (call: DeskCall) => Promise<Response>;

/** Everything that the desk answers, by method and path below the competition's. */
export const routes: Readonly<Record<string, DeskRoute>> = {
  'GET archive': downloadArchive,
  'GET labels': readLabels,
  'GET labels/state': readState,
  'GET labels/history': readHistory,
  'GET labels/recording': playRecording,
  'GET labels/published': publishedLabels,
  'GET labels/audit': readAudit,
  'GET labels/audit/questions': readQuestions,
  'POST labels/audit/start': startAudit,
  'POST labels/audit/file': addAuditFile,
  'POST labels/audit/file/remove': removeAuditFile,
  'POST labels/audit/answer': answerQuestion,
  'GET labels/evidence': readEvidence,
  'GET labels/evidence/examples': readExamples,
  'POST labels/evidence/start': startComparison,
  'POST labels/evidence/note': noteEvidence,
  'POST labels/edit': editLabel,
  'POST labels/upload': uploadLabels,
  'POST labels/rescore': rescoreLabels,
  'POST labels/apply': applyLabels,
  'POST labels/discard': discardLabels,
  'POST reveal/rehearse': rehearseReveal,
  'POST reveal/preview': previewStep,
  'POST reveal/file': downloadRevealFile,
  'POST reveal/codes': readRevealCodes,
};
