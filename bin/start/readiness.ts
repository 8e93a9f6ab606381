import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 100;
const answerLimitMs = 5_000;

/** Null when the web says that it is ready within `limitMs`, else its last words on why not. */
export async function waitUntilReady(url: string, limitMs: number, signal: AbortSignal): Promise<string | null> {
  const deadline = Date.now() + limitMs;
  let reason = '';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const { status, text } = await ask(url);
    if (status === 200) return null;
    reason = text.trim().slice(0, 300) || `status ${status}`;
    await sleep(lookEveryMs);
  }
  return reason;
}

/** The certificate is the public name's, and this asks by the local address. */
function ask(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ status: 0, text: error.message });
    const request = url.startsWith('https:') ? requestHttps(url, { rejectUnauthorized: false }) : requestHttp(url);
    request.setTimeout(answerLimitMs, () => request.destroy(new Error('no answer')));
    request.on('error', fail);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end();
  });
}
