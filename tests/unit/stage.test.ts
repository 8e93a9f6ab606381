import { describe, expect, test } from 'vitest';
import {
  type Command,
  clockText,
  emptyStage,
  endsAt,
  press,
  pressable,
  remainingMs,
  type Stage,
  type StagePlan,
  slotRemainingMs,
} from '#lib/stage.ts';
import { clockText as clockTextOfAudience } from '../../public/talk.js';

const plan: StagePlan = {
  questionMinutes: 3,
  slots: [
    { id: 'a', isBreak: false, minutes: 7, isSkipped: false },
    { id: 'skipped', isBreak: false, minutes: 7, isSkipped: true },
    { id: 'tea', isBreak: true, minutes: 15, isSkipped: false },
    { id: 'b', isBreak: false, minutes: 10, isSkipped: false },
  ],
};
const second = (seconds: number) => new Date(Date.UTC(2026, 11, 10, 15, 0, seconds));

/** Presses one after the other, each at its second; every one of them has to do something. */
function having(...presses: [command: Command, seconds: number][]): Stage {
  return presses.reduce<Stage>((stage, [command, seconds]) => {
    const next = press(stage, command, plan, second(seconds));
    if (next === null) throw new Error(`nothing to press: ${command}`);
    return next;
  }, emptyStage);
}

describe('the clock of the stage', () => {
  test('runs from start to pause, and goes on where it stood', () => {
    const paused = having(['next', 0], ['start', 10], ['pause', 70]);
    expect([remainingMs(paused, second(70)), remainingMs(paused, second(1000))]).toEqual([360_000, 360_000]);
    const resumed = press(paused, 'start', plan, second(100))!;
    expect(endsAt(resumed)).toEqual(second(460));
    expect(remainingMs(resumed, second(110))).toBe(350_000);
  });

  test('has a minute more, running or standing, and counts on below zero', () => {
    expect(endsAt(having(['next', 0], ['start', 0], ['more', 5]))).toEqual(second(480));
    expect(remainingMs(having(['next', 0], ['more', 5]), second(9))).toBe(480_000);
    expect(remainingMs(having(['next', 0], ['start', 0]), second(430))).toBe(-10_000);
  });

  test('of questions runs at once, and only a talk has questions', () => {
    const questions = having(['next', 0], ['start', 0], ['questions', 400]);
    expect([questions.part, endsAt(questions)]).toEqual(['questions', second(580)]);
    expect(press(questions, 'questions', plan, second(401))).toBeNull();
    expect(press(having(['next', 0], ['next', 0]), 'questions', plan, second(1))).toBeNull();
    expect(press(having(['next', 0]), 'questions', { ...plan, questionMinutes: 0 }, second(1))).toBeNull();
  });

  test('of a slot has its questions still before it', () => {
    expect(slotRemainingMs(having(['next', 0], ['start', 0]), plan, second(60))).toBe(540_000);
    expect(slotRemainingMs(having(['next', 0], ['start', 0], ['questions', 60]), plan, second(120))).toBe(120_000);
    expect(slotRemainingMs(having(['next', 0], ['start', 0]), plan, second(2000))).toBe(180_000);
  });
});

describe('the remote', () => {
  test('goes over what is skipped, both ways, and not beyond the ends', () => {
    const tea = having(['next', 0], ['next', 0]);
    expect([tea.slotId, tea.part, tea.allottedMs]).toEqual(['tea', 'break', 900_000]);
    expect(having(['next', 0], ['next', 0], ['back', 0]).slotId).toBe('a');
    const last = having(['next', 0], ['next', 0], ['next', 0]);
    expect([last.slotId, press(last, 'next', plan, second(0))]).toEqual(['b', null]);
    expect(press(having(['next', 0]), 'back', plan, second(0))).toBeNull();
  });

  test('begins with nothing on the stage, where only the first talk can be called', () => {
    expect(pressable(emptyStage, plan, second(0))).toEqual(['next']);
    expect(pressable(emptyStage, { ...plan, slots: [] }, second(0))).toEqual([]);
  });

  test('hides and shows the talk without touching its clock', () => {
    const running = having(['next', 0], ['start', 0]);
    const hidden = press(running, 'board', plan, second(5))!;
    expect(hidden).toEqual({ ...running, isShown: false });
    expect(press(hidden, 'show', plan, second(9))).toEqual(running);
  });

  test('sets a slot to its beginning', () => {
    const anew = having(['next', 0], ['start', 0], ['more', 1], ['questions', 5], ['again', 9]);
    expect([anew.part, anew.allottedMs, anew.spentMs, anew.runningSince]).toEqual(['talk', 420_000, 0, null]);
  });
});

test.each([
  [420_000, '7:00'],
  [419_001, '7:00'],
  [419_000, '6:59'],
  [1, '0:01'],
  [0, '0:00'],
  [-999, '0:00'],
  [-1000, '+0:01'],
  [-75_000, '+1:15'],
  [3_723_000, '1:02:03'],
])('%i ms left read %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

test('the audience reads the same clock as the remote', () => {
  for (let ms = -4_000_000; ms <= 4_000_000; ms += 777) expect(clockTextOfAudience(ms)).toBe(clockText(ms));
});
