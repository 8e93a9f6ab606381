import type { ReceiptAnswer } from '#lib/api/answers.ts';
import { withBase } from '#lib/base-path.ts';
import type { Format } from '#lib/predictions/records.ts';
import type { ShownProblem } from '#ui/problems.tsx';
import type { ChosenFile, Split } from '#ui/use-file-check.ts';

/** `key` names one attempt at one file: sending it again after a lost answer is the same upload, not a second one. */
export type Sending = {
  slug: string;
  split: Split;
  file: ChosenFile;
  format: Format | undefined;
  note: string;
  code: string;
  key: string;
};

export type Outcome =
  /** `isEarlier`: the team had sent these bytes before. */
  | { status: 'accepted'; receipt: ReceiptAnswer; isEarlier: boolean }
  | { status: 'rejected'; id: string; problems: readonly ShownProblem[]; total: number }
  | { status: 'refused'; sentence: string }
  | { status: 'signed-out' | 'lost' | 'stopped' };

/** Share of the bytes that have left, 0 to 1. */
export type OnProgress = (part: number) => void;

/** The server gives a body two minutes; the answer follows at once. */
const patienceMs = 150_000;

/** Sends the file as it is; never rejects. `fetch` tells nothing of an upload's progress, so this is XMLHttpRequest. */
export function send(sending: Sending, onProgress: OnProgress, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(sending));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Idempotency-Key', sending.key);
    request.timeout = patienceMs;
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(outcomeOf(request.status, request.responseText));
    request.onerror = () => resolve({ status: 'lost' });
    request.ontimeout = () => resolve({ status: 'lost' });
    request.onabort = () => resolve({ status: 'stopped' });
    signal.addEventListener('abort', () => request.abort());
    request.send(sending.file.bytes);
  });
}

function addressOf({ slug, split, file, note, code, format }: Sending): string {
  const query = new URLSearchParams({ split, file: file.name.slice(0, 255), note });
  if (code.trim() !== '') query.set('code', code.trim());
  if (format) query.set('format', format);
  return withBase(`/api/v1/competitions/${slug}/submissions?${query}`);
}

function outcomeOf(status: number, text: string): Outcome {
  try {
    const body = JSON.parse(text);
    if (status === 200 || status === 201) return { status: 'accepted', receipt: body, isEarlier: status === 200 };
    if (status === 401) return { status: 'signed-out' };
    if (status === 422 && Array.isArray(body.errors)) return rejectedOf(body);
    return { status: 'refused', sentence: String(body.detail) };
  } catch {
    // Something between us and the server answered, a proxy at fault for example.
    return { status: 'lost' };
  }
}

type FileProblems = {
  id: string;
  count: number;
  errors: { line: number; column: number; code: string; message: string }[];
};

function rejectedOf({ id, count, errors }: FileProblems): Outcome {
  const problems = errors.map(({ line, column, code, message }) => ({ line, column, code, sentence: message }));
  return { status: 'rejected', id, problems, total: count };
}
