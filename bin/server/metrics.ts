import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Database } from '#lib/db/client.ts';
import type { FiguresFor } from '#lib/env.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { EventHub } from './events.ts';
import { answer } from './request.ts';
import { createRequestMeter, type RequestMeter } from './request-metrics.ts';
import type { RouteNamer } from './route-names.ts';
import { createWorkMetrics } from './work-metrics.ts';

/*
 * Figures in the text format of Prometheus, for those who run an installation. They count files of all competitions, during a freeze
 * as well, so where others can ask they are for whoever has the token, and without one for nobody.
 */

export type Metrics = {
  begin: RequestMeter['begin'];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

export function createMetrics(db: Database, events: EventHub, nameOf: RouteNamer, figuresFor: FiguresFor): Metrics {
  // Nobody reads them: then they are not gathered either.
  if (figuresFor === 'nobody') return { begin: () => {}, answer: async (_, response) => answerOff(response) };
  const registry = new Registry();
  const { begin } = createRequestMeter(registry, nameOf, () => events.counts().streams);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  addBuild(registry);
  addEvents(registry, events);
  const work = createWorkMetrics(registry, db);
  return {
    begin,
    async answer(request, response) {
      if (figuresFor !== 'all' && !isAllowed(request, figuresFor.token)) return answerStranger(response);
      await work.refresh();
      const text = (await registry.metrics()) + (await work.ofWorkers());
      answer(response, 200, registry.contentType, text);
    },
  };
}

function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function answerOff(response: ServerResponse): void {
  answer(response, 404, 'text/plain; charset=utf-8', 'off: METRICS_TOKEN is not set\n');
}

function answerStranger(response: ServerResponse): void {
  const headers = { 'WWW-Authenticate': 'Bearer realm="metrics"' };
  answer(response, 401, 'text/plain; charset=utf-8', 'Authorization: Bearer and METRICS_TOKEN\n', headers);
}

function addBuild(registry: Registry): void {
  const help = 'Always 1; the version that runs is a label.';
  const build = new Gauge({ name: 'rostrum_build_info', help, labelNames: ['version'], registers: [registry] });
  build.set({ version: packageFile.version }, 1);
}

function addEvents(registry: Registry, events: EventHub): void {
  const registers = [registry];
  new Gauge({
    name: 'rostrum_event_streams',
    help: 'Open streams of events: who watches live.',
    registers,
    collect() {
      this.set(events.counts().streams);
    },
  });
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  counter('rostrum_events_sent_total', 'Events written to streams.', () => events.counts().sent);
  counter(
    'rostrum_event_streams_dropped_total',
    'Streams cut since their network was too slow.',
    () => events.counts().dropped,
  );
}
