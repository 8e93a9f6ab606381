import { withBase } from '#lib/base-path.ts';

/*
 * Sends an archive to app/organise/[slug]/archives, part by part: what came through stays, so a broken line costs one part.
 */

export type Sent =
  | { status: 'imported' | 'cancelled' | 'lost' }
  /** In the reader's language, as the server says it. */
  | { status: 'refused'; sentence: string };

/** Goes on where it stopped when `send` is called again, be it for a broken line or for an import that has to wait. */
export type ArchiveSender = {
  send(options: URLSearchParams, signal: AbortSignal, onProgress: (sentBytes: number) => void): Promise<Sent>;
  cancel(): Promise<void>;
};

/** Waited for before a part is sent again, in milliseconds; then it is up to the person. */
const waits = [1_000, 2_000, 5_000, 10_000, 20_000];

class RefusedAnswer extends Error {
  readonly code: string;
  readonly received: number;

  constructor({ detail, code, received }: Record<string, unknown>) {
    super(String(detail));
    this.code = String(code);
    this.received = Number(received);
  }
}

export function archiveSender(slug: string, file: File): ArchiveSender {
  const root = withBase(`/organise/${slug}/archives`);
  let begun: { id: string; partBytes: number } | null = null;
  let received = 0;

  const forget = () => {
    begun = null;
    received = 0;
  };
  const begin = async (signal: AbortSignal) => {
    const query = new URLSearchParams({ file: file.name.slice(-255), bytes: String(file.size) });
    return ask<{ id: string; partBytes: number }>(`${root}?${query}`, { method: 'POST', signal });
  };
  const sendPart = async (id: string, partBytes: number, signal: AbortSignal) => {
    const part = await file.slice(received, received + partBytes).arrayBuffer();
    const headers = { 'Content-Type': 'application/octet-stream', ...(await digestOf(part)) };
    const path = `${root}/${id}?offset=${received}`;
    const answer = await patiently(() =>
      ask<{ received: number }>(path, { method: 'PUT', headers, body: part, signal }),
    );
    received = answer.received;
  };

  return {
    async send(options, signal, onProgress) {
      try {
        begun ??= await begin(signal);
        for (onProgress(received); received < file.size; onProgress(received)) {
          await sendPart(begun.id, begun.partBytes, signal);
        }
        await patiently(() => ask(`${root}/${begun?.id}?${options}`, { method: 'POST', signal }));
        return { status: 'imported' };
      } catch (error) {
        if (signal.aborted) return { status: 'cancelled' };
        if (!(error instanceof RefusedAnswer)) return { status: 'lost' };
        // The server gave it up meanwhile: the next attempt begins anew.
        if (error.code === 'not-found') forget();
        return { status: 'refused', sentence: error.message };
      }
    },
    async cancel() {
      const id = begun?.id;
      forget();
      // Where the server cannot be reached, it gives the archive up by itself after some hours.
      if (id !== undefined) await fetch(`${root}/${id}`, { method: 'DELETE' }).catch(() => {});
    },
  };
}

/** Browsers compute digests on secure pages only; elsewhere the length has to do. */
async function digestOf(part: ArrayBuffer): Promise<Record<string, string>> {
  if (!globalThis.crypto?.subtle) return {};
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', part));
  return { 'Content-Digest': `sha-256=:${btoa(String.fromCharCode(...digest))}:` };
}

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, init);
  const body = await response.json();
  if (response.ok) return body as Answer;
  if (response.status >= 500 && response.status !== 507) throw new Error(String(body.code));
  throw new RefusedAnswer(body);
}

/** Asks again where no answer came. An answer to a part that came through before says how much is there. */
async function patiently<Answer>(asked: () => Promise<Answer>, tries = 0): Promise<Answer> {
  try {
    return await asked();
  } catch (error) {
    const isThere = error instanceof RefusedAnswer && error.code === 'upload-offset';
    if (isThere) return { received: error.received } as Answer;
    const wait = waits[tries];
    const isAborted = error instanceof DOMException && error.name === 'AbortError';
    if (error instanceof RefusedAnswer || isAborted || wait === undefined) throw error;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return patiently(asked, tries + 1);
  }
}
