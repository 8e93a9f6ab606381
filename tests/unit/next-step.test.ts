import { expect, test } from 'vitest';
import type { Competition } from '#lib/competition.ts';
import { nextStep } from '../../app/c/[slug]/next-step.ts';

const at = (day: number) => new Date(Date.UTC(2026, 11, day));

/** Teams change from the 1st to the 10th, files are taken from the 5th to the 20th. */
const competition = {
  publishedAt: at(1),
  teamChangesStartAt: at(1),
  teamChangesEndAt: at(10),
  submissionsStartAt: at(5),
  submissionsEndAt: at(20),
  revealsAt: null,
} as Competition;

const newcomer = { hasAccepted: false, hasTeam: false };
const alone = { hasAccepted: true, hasTeam: false };
const member = { hasAccepted: true, hasTeam: true };

test('rules come first, then a team, then data until files are taken', () => {
  expect(nextStep(competition, newcomer, at(2))).toBe('rules');
  expect(nextStep(competition, alone, at(2))).toBe('team');
  expect(nextStep(competition, member, at(2))).toBe('data');
  expect(nextStep(competition, member, at(5))).toBe('submit');
});

test('who comes too late for a team or a file is led to the data', () => {
  expect(nextStep(competition, alone, at(10))).toBe('data');
  expect(nextStep(competition, member, at(20))).toBe('data');
});

test('whose rules were changed accepts them again before anything else', () => {
  expect(nextStep(competition, { hasAccepted: false, hasTeam: true }, at(6))).toBe('rules');
});

test('everybody is led to an open result', () => {
  const revealed = { ...competition, revealsAt: at(21), revealMode: 'at-once' } as Competition;
  for (const standing of [newcomer, alone, member]) expect(nextStep(revealed, standing, at(22))).toBe('results');
  expect(nextStep(revealed, member, at(6))).toBe('submit');
});
