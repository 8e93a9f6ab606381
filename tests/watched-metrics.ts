import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

/*
 * Which figures the dashboard and the alerts ask for, by Prometheus' own grammar.
 */

const root = join(import.meta.dirname, '..');

export type Expression = { from: string; text: string };

export function readExpressions(): Expression[] {
  const rules = parse(readFileSync(join(root, 'deploy/prometheus/alerts.yml'), 'utf8'));
  return [
    ...readPanels(),
    ...rules.groups[0].rules.map(({ alert, expr }: { alert: string; expr: string }) => ({ from: alert, text: expr })),
  ];
}

/** What the panels of the dashboard ask, by their titles. */
export function readPanels(): Expression[] {
  const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana/rostrum.json'), 'utf8'));
  type Panel = { title: string; targets: { expr: string }[] };
  return dashboard.panels.flatMap(({ title, targets }: Panel) =>
    targets.map(({ expr }) => ({ from: title, text: expr })),
  );
}

/** An expression with what Grafana puts in before it asks. */
export function asGrafanaAsks(text: string): string {
  return text.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'rostrum');
}

/** The names that an expression selects, with the labels that it asks them for. Throws where it is no expression. */
export function selectedBy({ from, text }: Expression): { name: string; labels: string[] }[] {
  const query = asGrafanaAsks(text);
  const selected: { name: string; labels: string[] }[] = [];
  parser.parse(query).iterate({
    enter: ({ name, from: start, to }) => {
      if (name === '⚠') throw new Error(`${from}: no expression at ${query.slice(start)}: ${query}`);
      if (name !== 'VectorSelector') return;
      const [metric = '', ...rest] = query.slice(start, to).split('{');
      const matchers = rest.join('{');
      selected.push({ name: metric, labels: [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, key]) => key!) });
    },
  });
  return selected;
}
