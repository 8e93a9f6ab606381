import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overBudget, readBudgets } from '../../bin/test/page-weight.mjs';

const budgets = { javascript: { everyPage: 150, pages: { '/c/[slug]/lab': 160 } } };
const weighed = (weights: Record<string, number>) => overBudget(new Map(Object.entries(weights)), budgets);

describe('the JavaScript of a page', () => {
  test('may weigh as much as its budget', () => {
    expect(weighed({ '/': 150_000, '/c/[slug]/lab': 160_000 })).toEqual([]);
  });

  test('fails the build with what it weighs and may weigh where it is over', () => {
    expect(weighed({ '/': 150_100, '/c/[slug]/lab': 160_000 })).toEqual([
      '/ loads 150.1 kB of JavaScript (gzip), its budget is 150 kB',
    ]);
    expect(weighed({ '/': 1, '/c/[slug]/lab': 161_000 })).toHaveLength(1);
  });

  test('has no budget without a page', () => {
    expect(weighed({ '/': 1 })).toEqual(['tests/budgets.json has a budget for /c/[slug]/lab, which is no page']);
  });

  test('is held to budgets that leave a page little more than it has', () => {
    const { everyPage, pages } = readBudgets(join(import.meta.dirname, '../..')).javascript;
    expect(everyPage).toBeLessThanOrEqual(155);
    for (const [route, kilobytes] of Object.entries(pages)) expect(kilobytes, route).toBeLessThanOrEqual(175);
  });
});
