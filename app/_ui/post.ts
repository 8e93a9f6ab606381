import { withBase } from '#lib/base-path.ts';
import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };

/** `code` null: the server was not reached, or answered nothing that can be read. */
export type Refusal = { ok: false; code: string | null; sentence: string };
export type Answer = { ok: true; response: Response } | Refusal;

/** What is not answered within it has not gone through for whoever pressed. */
const longestMs = 20_000;

/** Sends JSON; a refusal comes with its sentence in the reader's language. */
export async function post(url: string, body: unknown): Promise<Answer> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const signal = AbortSignal.timeout(longestMs);
    const response = await fetch(withBase(url), { method: 'POST', headers, signal, body: JSON.stringify(body) });
    if (response.ok) return { ok: true, response };
    const { code = null, detail = unreachable() } = await response.json();
    return { ok: false, code, sentence: detail };
  } catch {
    return { ok: false, code: null, sentence: unreachable() };
  }
}

function unreachable(): string {
  return (document.documentElement.lang === 'en' ? inEnglish : inRussian).unreachable;
}
