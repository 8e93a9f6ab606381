/*
 * Figures as Prometheus reads them: the text format 0.0.4, and what `promtool check metrics` finds unsound in names.
 */

export type Sample = { name: string; labels: Record<string, string>; value: number };
export type Family = { name: string; help: string; type: string; samples: Sample[] };

const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"`;
const line = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)(?:\{((?:${label}(?:,${label})*)?)\})? (\S+)$`);
const number = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?Inf|NaN)$/i;
const parts: Record<string, RegExp> = { histogram: /_(bucket|sum|count)$/, summary: /_(sum|count)$/ };

/** Every family, in order. Throws, with the line, where Prometheus would refuse the whole. */
export function parseExposition(text: string): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let current: Family | undefined;
  for (const each of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(each) ?? [];
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`);
      current = { name, help: rest, type: 'untyped', samples: [] };
      families.set(name, current);
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current.samples.length > 0) throw new Error(`no place for: ${each}`);
      current.type = rest;
    } else if (each !== '') {
      if (current === undefined) throw new Error(`of no family: ${each}`);
      current.samples.push(readSample(each, current));
    }
  }
  return [...families.values()];
}

function readSample(text: string, { name: family, type, samples }: Family): Sample {
  const [, name = '', labels = '', value = ''] = line.exec(text) ?? [];
  const base = type in parts ? name.replace(parts[type]!, '') : name;
  if (base !== family || !number.test(value)) throw new Error(`not a sample of ${family}: ${text}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, said]) => [key!, said!] as const);
  const sample = { name, labels: Object.fromEntries(pairs), value: Number(value.replace('Inf', 'Infinity')) };
  const key = keyOf(sample);
  if (samples.some((other) => keyOf(other) === key)) throw new Error(`twice: ${text}`);
  return sample;
}

function keyOf({ name, labels }: Sample): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}

/** What breaks the conventions of names, and histograms that do not add up. */
export function lintFamilies(families: readonly Family[]): string[] {
  return families.flatMap(({ name, help, type, samples }) => {
    const problems: string[] = [];
    if (!/^[a-z][a-z0-9_]*$/.test(name)) problems.push('not in snake case');
    if (help.length < 10) problems.push('says nothing');
    if (!['counter', 'gauge', 'histogram', 'summary'].includes(type)) problems.push(`is a ${type}`);
    if ((type === 'counter') !== name.endsWith('_total')) problems.push('_total is for counters, and for all of them');
    if (/_(count|sum|bucket)$/.test(name)) problems.push('ends as a part of a histogram');
    if (/(milli|micro|nano)seconds|minutes|hours|kilo|mega|percent|_ms(_|$)/.test(name)) problems.push('no base unit');
    if (/_(gauge|counter|histogram)(_|$)/.test(name)) problems.push('says its type');
    if (type === 'histogram') problems.push(...histogramProblems(samples));
    return problems.map((problem) => `${name}: ${problem}`);
  });
}

function histogramProblems(samples: readonly Sample[]): string[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...rest } = sample.labels;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  const addsUp = (group: Sample[]) => {
    const buckets = group.filter(({ name }) => name.endsWith('_bucket'));
    const count = group.find(({ name }) => name.endsWith('_count'))?.value;
    const rises = buckets.every(({ value }, i) => i === 0 || value >= buckets[i - 1]!.value);
    return rises && buckets.at(-1)?.labels.le === '+Inf' && buckets.at(-1)?.value === count;
  };
  return [...groups.values()].every(addsUp) ? [] : ['its buckets do not add up'];
}
