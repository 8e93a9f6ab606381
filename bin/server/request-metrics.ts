import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RouteNamer } from './route-names.ts';

/** Counts what this process answers, how long that took, and what has no answer yet. */
export type RequestMeter = {
  /** To be called as a request comes in, before anybody changes its address. */
  begin(request: IncomingMessage, response: ServerResponse): void;
};

/** Seconds. A page is to come in a tenth of one, and an upload over a slow line takes up to two minutes. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** `streams` says how many of the open requests are streams of events, which are never done. */
export function createRequestMeter(registry: Registry, nameOf: RouteNamer, streams: () => number): RequestMeter {
  const registers = [registry];
  const answered = new Counter({
    name: 'rostrum_http_requests_total',
    help: 'Answers by method, route and status; aborted: whoever asked was gone before the end.',
    labelNames: ['method', 'route', 'code'],
    registers,
  });
  const took = new Histogram({
    name: 'rostrum_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer, by route and class of status; without streams of events.',
    labelNames: ['route', 'class'],
    buckets,
    registers,
  });
  let open = 0;
  new Gauge({
    name: 'rostrum_http_requests_in_progress',
    help: 'Requests without an answer yet: without streams of events, and without the one that asks.',
    registers,
    collect() {
      this.set(open - streams() - 1);
    },
  });
  return {
    begin(request, response) {
      const { method = '', url = '/' } = request;
      const began = performance.now();
      open += 1;
      response.on('close', () => {
        open -= 1;
        const route = nameOf(url);
        const code = response.writableFinished ? String(response.statusCode) : 'aborted';
        answered.inc({ method: methods.has(method) ? method : 'other', route, code });
        if (code === 'aborted' || isStream(response)) return;
        took.observe({ route, class: `${code[0]}xx` }, (performance.now() - began) / 1000);
      });
    },
  };
}

function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream');
}
