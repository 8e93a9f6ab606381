import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { digestOf, drawCommand, drawOrder, endOf, type Slot, schedule } from '#lib/defence.ts';
import { moved } from '#lib/moved.ts';

const names = ['Акустики', 'Фонема', "L'équipe", 'Beam search', 'Ёжики'];
const named = names.map((name) => ({ name }));

describe('the draw', () => {
  test('comes to the same order whatever the order of names, and to another under another seed', () => {
    const drawn = drawOrder('зал 7', named);
    expect(drawOrder('зал 7', [...named].reverse())).toEqual(drawn);
    expect(drawOrder('зал 8', named)).not.toEqual(drawn);
    expect(drawn.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test('is what anybody with a shell comes to', () => {
    const digests = names.map((name) => {
      const line = execFileSync('sh', ['-c', drawCommand('зал 7', name)], { encoding: 'utf8' });
      return { name, digest: line.split(' ')[0]! };
    });
    digests.sort((a, b) => (a.digest < b.digest ? -1 : 1));
    expect(drawOrder('зал 7', named).map(({ name }) => name)).toEqual(digests.map(({ name }) => name));
    expect(digestOf('зал 7', 'Фонема')).toBe(digests.find(({ name }) => name === 'Фонема')!.digest);
  });

  test('puts every team first about as often', () => {
    const first = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed += 1) {
      const { name } = drawOrder(String(seed), named)[0]!;
      first.set(name, (first.get(name) ?? 0) + 1);
    }
    // 400 expected of 2000; five standard deviations are 90.
    for (const name of names) expect(Math.abs(first.get(name)! - 400), name).toBeLessThan(90);
  });
});

describe('the schedule', () => {
  const at = (clock: string) => new Date(`2026-12-10T${clock}:00Z`);
  const talk = (id: string, given: Partial<Slot> = {}): Slot => ({
    id,
    team: { id: `team-${id}`, name: id, isGuest: false },
    minutes: null,
    isSkipped: false,
    beganAt: null,
    ...given,
  });
  const pause = (id: string, minutes: number): Slot => ({ ...talk(id), team: null, minutes });
  const lengths = { talkMinutes: 7, questionMinutes: 3 };
  const times = (
    slots: readonly Slot[],
    ...rest: Parameters<typeof schedule> extends [unknown, unknown, ...infer R] ? R : never
  ) =>
    schedule(slots, lengths, ...rest).map((slot) => [
      slot.id,
      slot.at?.toISOString().slice(11, 16) ?? null,
      slot.state,
    ]);

  test('has talks follow one another with their questions, breaks between, and skipped ones take no time', () => {
    const slots = [talk('a'), pause('tea', 15), talk('b', { minutes: 12 }), talk('c', { isSkipped: true }), talk('d')];
    expect(times(slots, at('15:00'), null, at('12:00'))).toEqual([
      ['a', '15:00', 'ahead'],
      ['tea', '15:10', 'ahead'],
      ['b', '15:25', 'ahead'],
      ['c', null, 'skipped'],
      ['d', '15:40', 'ahead'],
    ]);
    expect(endOf(schedule(slots, lengths, at('15:00'), null, at('12:00')), lengths)).toEqual(at('15:50'));
  });

  test('moves what is ahead with what is on the stage, and keeps when others began', () => {
    const slots = [talk('a', { beganAt: at('15:04') }), talk('b', { beganAt: at('15:20') }), talk('c')];
    const stage = { slotId: 'b', remainingMs: 6 * 60_000 };
    expect(times(slots, at('15:00'), stage, at('15:25'))).toEqual([
      ['a', '15:04', 'done'],
      ['b', '15:20', 'now'],
      ['c', '15:31', 'ahead'],
    ]);
    // Over its time, it may end at any moment.
    expect(times(slots, at('15:00'), { ...stage, remainingMs: -90_000 }, at('15:45'))[2]).toEqual([
      'c',
      '15:45',
      'ahead',
    ]);
  });

  test('has what the stage went past done, and what was called and has not begun now', () => {
    const slots = [talk('a', { beganAt: at('15:04') }), talk('clockless'), talk('b'), talk('c')];
    const stage = { slotId: 'b', remainingMs: 10 * 60_000 };
    expect(times(slots, at('15:00'), stage, at('15:30'))).toEqual([
      ['a', '15:04', 'done'],
      ['clockless', null, 'done'],
      ['b', '15:30', 'now'],
      ['c', '15:40', 'ahead'],
    ]);
    // Nothing is on the stage any more, and one has yet to talk.
    expect(times(slots.slice(0, 2), at('15:00'), null, at('15:30'))[1]).toEqual(['clockless', '15:30', 'ahead']);
  });

  test('goes by the plan while the first one has not begun, and has no times without a start', () => {
    const slots = [talk('a'), talk('b')];
    expect(times(slots, at('15:00'), { slotId: 'a', remainingMs: 60_000 }, at('14:30'))[0]).toEqual([
      'a',
      '15:00',
      'ahead',
    ]);
    expect(times(slots, null, null, at('14:30')).map(([, time]) => time)).toEqual([null, null]);
  });
});

test('a line that is moved stands where the other one stood, and beyond the ends at the end', () => {
  const letters = ['a', 'b', 'c', 'd'];
  expect(moved(letters, 0, 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(moved(letters, 3, 1)).toEqual(['a', 'd', 'b', 'c']);
  expect(moved(letters, 1, 99)).toEqual(['a', 'c', 'd', 'b']);
  expect(moved(letters, 2, -5)).toEqual(['c', 'a', 'b', 'd']);
});
