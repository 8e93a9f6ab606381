import { withBase } from '#lib/base-path.ts';
import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };
import type { ShownProblem } from '#ui/problems.tsx';

/** Why the desk did not do it, in the reader's language, with everything that is wrong with a file; `code` null: it was not reached. */
export type Refusal = { code: string | null; sentence: string; problems: readonly ShownProblem[] };
export type Answer<Value> = { ok: true; value: Value } | ({ ok: false } & Refusal);

type FileError = { line: number; column: number; code: string; message: string };

/** Asks the desk of the scoring side, by way of the web. An answer without a body is null. */
export async function ask<Value>(slug: string, path: string, init: RequestInit = {}): Promise<Answer<Value>> {
  try {
    const response = await fetch(withBase(`/organise/${slug}/desk/labels${path}`), { cache: 'no-store', ...init });
    const body = response.status === 204 ? null : await response.json();
    return response.ok ? { ok: true, value: body } : refusalOf(body);
  } catch {
    return { ok: false, code: null, sentence: unreachable(), problems: [] };
  }
}

export function postJson<Value>(slug: string, path: string, body: unknown): Promise<Answer<Value>> {
  const headers = { 'Content-Type': 'application/json' };
  return ask(slug, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

type Problem = { code?: string; detail?: string; errors?: FileError[] };

function refusalOf({ code = '', detail = unreachable(), errors = [] }: Problem): Answer<never> {
  const problems = errors.map(({ line, column, code, message }) => ({ line, column, code, sentence: message }));
  return { ok: false, code, sentence: detail, problems };
}

function unreachable(): string {
  return (document.documentElement.lang === 'en' ? inEnglish : inRussian).unreachable;
}
