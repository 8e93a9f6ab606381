import type { RevealStep } from '#lib/reveal.ts';

/*
 * What the scoring side's desk answers to organisers about a reveal.
 */

export type RehearsedSteps = { steps: readonly RevealStep[] };
export type NextStep = { step: RevealStep | null };
/** `file` is how its name ends. */
export type ShownCodes = { codes: readonly { file: string; code: string; madeAt: string }[] };
