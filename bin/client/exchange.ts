import { Agent, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import type { ClientEnvironment } from './environment.mjs';

/*
 * One request and its answer over Node's own client: fetch takes three times as long to load as a file takes to be sent.
 */

export type Question = {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array;
};

/** `body` has to be read or destroyed. */
export type Answer = { status: number; headers: IncomingMessage['headers']; body: IncomingMessage; url: URL };

export type Exchange = { ask(question: Question): Promise<Answer>; close(): void };

/** Nothing heard for so long means that nobody is there any more. */
const silenceMs = 60_000;
const mostRedirects = 5;

/** Connections that are kept and used again, through the proxies of the environment where this Node knows how. */
export function createExchange({ proxies }: ClientEnvironment): Exchange {
  // `proxyEnv` came with Node 24.5, and older ones pass it by.
  const options = { keepAlive: true, proxyEnv: proxies };
  const plain = new Agent(options);
  let secure: import('node:https').Agent | undefined;
  const send = async (question: Question): Promise<Answer> => {
    if (question.url.protocol !== 'https:') return exchange(plainRequest, question, { agent: plain });
    const https = await import('node:https');
    secure ??= new https.Agent(options);
    return exchange(https.request, question, { agent: secure });
  };
  return {
    async ask(question) {
      let asked = question;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await send(asked);
        const target = redirectOf(answer);
        if (target === null || asked.method !== 'GET' || redirects === mostRedirects) return answer;
        answer.body.resume();
        asked = { ...asked, url: target, headers: headersFor(target, asked) };
      }
    },
    close() {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/** Where an answer points to; null where it is the answer itself. */
export function redirectOf({ status, headers, url }: Pick<Answer, 'status' | 'headers' | 'url'>): URL | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(status);
  return isRedirect && headers.location !== undefined && URL.canParse(headers.location, url)
    ? new URL(headers.location, url)
    : null;
}

/** Mirrors may serve recordings, and must not see the token. */
function headersFor(target: URL, { url, headers }: Question): Question['headers'] {
  if (target.origin === url.origin) return headers;
  const { Authorization: _token, ...others } = headers;
  return others;
}

function exchange(
  request: typeof plainRequest,
  { url, method, headers, body }: Question,
  options: RequestOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': body.length };
    const sent = request(url, { ...options, method, headers: { ...headers, ...length }, timeout: silenceMs });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.on('response', (answer) => {
      answer.on('error', () => {}); // whoever reads it hears of it
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer, url });
    });
    sent.end(body);
  });
}
