import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** Made by running, not part of a clone. */
const madeByRunning = ['.rostrum'];

test('every path that the README names exists', () => {
  const inText = [...readme.matchAll(/`([\w.[\]-]+(?:\/[\w.[\]-]+)*\.?\w*)`/g)].map((match) => match[1]!);
  const inMarkup = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map((match) => match[1]!);
  const paths = [...inText.filter((name) => /[/.]/.test(name)), ...inMarkup];
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !existsSync(join(root, path)) && !madeByRunning.includes(path))).toEqual([]);
});

test('every command that the README names exists', () => {
  const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map((match) => match[1]!);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
