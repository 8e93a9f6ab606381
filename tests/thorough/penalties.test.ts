import { afterEach, describe, expect, test } from 'vitest';
import { pointsOfHomework } from '#lib/course/homework.ts';
import { startedDays } from '#lib/time.ts';

/*
 * Late days over many (zone, instant, rule) triples. The oracle knows calendars from Intl alone, and nothing of Temporal.
 */

const day = 24 * 3600 * 1000;
const zones = [
  'Europe/Moscow',
  'Europe/Berlin',
  'America/St_Johns',
  'America/Santiago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'UTC',
];

type Triple = { zone: string; softAt: Date; hardAt: Date; handedInAt: Date; points: number; penaltyPerDay: number };

/** Half of them in Moscow from 2010 to 2014, when it gave up summer time, and later winter time; the same ones in every run. */
function triples(count: number): Triple[] {
  let state = 20_101_031;
  const chance = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  return Array.from({ length: count }, (_, i) => {
    const inMoscow = i % 2 === 0;
    const [from, years] = inMoscow ? [2010, 5] : [1995, 40];
    const softAt = new Date(Date.UTC(from, 0, 1) + chance(years * 365 * 24 * 60) * 60_000);
    const late = chance(4) === 0 ? chance(15) * day : Math.round((chance(16_000) / 1000 - 1) * day);
    return {
      zone: inMoscow ? 'Europe/Moscow' : zones[chance(zones.length)]!,
      softAt,
      hardAt: new Date(softAt.getTime() + (1 + chance(14)) * day),
      handedInAt: new Date(softAt.getTime() + late),
      points: chance(2001) / 100,
      penaltyPerDay: [0.5, 0.25, 1, 0, 2.5][chance(5)]!,
    };
  });
}

const count = 10_000;
const all = triples(count);

function pointsOf({ zone, softAt, hardAt, handedInAt, points, penaltyPerDay }: Triple): number {
  return pointsOfHomework({ points, handedInAt }, { softAt, hardAt }, { penaltyPerDay, timeZone: zone }).points;
}

/** Offsets of a zone from UTC and from when on each holds, read out of Intl: looked for every five days, then halved down to the second. */
function offsetsOf(timeZone: string): { from: number; offset: number }[] {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields, second: 'numeric' });
  const offsetAt = (instant: number) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) - instant;
  };
  const start = Date.UTC(1994, 0, 1);
  const offsets = [{ from: Number.NEGATIVE_INFINITY, offset: offsetAt(start) }];
  for (let instant = start; instant < Date.UTC(2036, 0, 1); instant += 5 * day) {
    let [low, high] = [instant, instant + 5 * day];
    if (offsetAt(low) === offsetAt(high)) continue;
    while (high - low > 1000) {
      const middle = Math.round((low + high) / 2000) * 1000;
      if (offsetAt(middle) === offsetAt(low)) low = middle;
      else high = middle;
    }
    offsets.push({ from: high, offset: offsetAt(high) });
  }
  return offsets;
}

const offsets = new Map(zones.map((zone) => [zone, offsetsOf(zone)]));

/** What clocks in the zone show at an instant, as if it were UTC. */
function wallOf(instant: number, zone: string): number {
  return instant + offsets.get(zone)!.findLast(({ from }) => from <= instant)!.offset;
}

/** The first instant at which clocks show `wall`; where they skip it, as much later as they skip. */
function instantOf(wall: number, zone: string): number {
  const before = wallOf(wall - 2 * day, zone) - (wall - 2 * day);
  const after = wallOf(wall + 2 * day, zone) - (wall + 2 * day);
  const hits = [wall - before, wall - after].filter((instant) => wallOf(instant, zone) === wall);
  return hits.length > 0 ? Math.min(...hits) : wall - before;
}

function expectedDays({ zone, softAt, handedInAt }: Triple): number {
  const begins = new Set<number>();
  if (handedInAt <= softAt) return 0;
  begins.add(softAt.getTime());
  const wall = wallOf(softAt.getTime(), zone);
  for (let k = 1; k < 20; k += 1) {
    const begun = instantOf(wall + k * day, zone);
    if (begun < handedInAt.getTime()) begins.add(begun);
  }
  return begins.size;
}

/** What a program gets that asks the machine's own clock: days are those of the server's zone. */
function machineDays({ softAt, handedInAt }: Triple): number {
  if (handedInAt <= softAt) return 0;
  let days = 0;
  for (const next = new Date(softAt); next < handedInAt; next.setDate(next.getDate() + 1)) days += 1;
  return days;
}

const expected = all.map(expectedDays);
const disagreements = (days: (triple: Triple) => number) =>
  all.filter((triple, i) => days(triple) !== expected[i]).length;

describe(`over ${count} triples of a zone, instants and a rule`, () => {
  test('late days are those that an independent calendar counts', () => {
    expect(disagreements(({ zone, softAt, handedInAt }) => startedDays(softAt, handedInAt, zone))).toBe(0);
  });

  test('the control: days of 24 hours, and of the machine, are others', () => {
    const day24 = ({ softAt, handedInAt }: Triple) =>
      Math.max(0, Math.ceil((handedInAt.getTime() - softAt.getTime()) / day));
    expect(disagreements(day24)).toBeGreaterThan(0);
    expect(disagreements(machineDays)).toBeGreaterThan(0);
  });

  test('points are within what was marked, and less the later it is handed in', () => {
    for (const triple of all) {
      const points = pointsOf(triple);
      expect(points).toBeGreaterThanOrEqual(0);
      expect(points).toBeLessThanOrEqual(triple.points);
      const later = { ...triple, handedInAt: new Date(triple.handedInAt.getTime() + day / 3) };
      expect(pointsOf(later)).toBeLessThanOrEqual(points);
      if (triple.handedInAt >= triple.hardAt) expect(points).toBe(0);
      if (triple.handedInAt <= triple.softAt) expect(points).toBe(triple.points);
    }
  });
});

describe('whatever zone the server lives in', () => {
  const own = process.env.TZ;
  afterEach(() => {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  });
  const under = <Value>(zone: string, what: () => Value): Value => {
    process.env.TZ = zone;
    return what();
  };
  const servers = ['UTC', 'Europe/Moscow', 'America/St_Johns'];

  test('points are the same', () => {
    const sums = servers.map((zone) => under(zone, () => all.map(pointsOf).join()));
    expect(new Set(sums).size).toBe(1);
  });

  test('the control: arithmetic on local times is not', () => {
    const sums = servers.map((zone) => under(zone, () => all.map(machineDays).join()));
    expect(new Set(sums).size).toBe(servers.length);
  });
});

test.each([
  ['clocks go forward over the deadline’s hour', 'Europe/Moscow', '2011-03-25T23:30Z', '2011-03-26T23:31Z', 2],
  // 26 March, 02:30 in Moscow; on the 27th there was none, and that day began at 03:30, which is 23:30 UTC.
  ['the skipped hour is as much later', 'Europe/Moscow', '2011-03-25T23:30Z', '2011-03-26T23:30Z', 1],
  ['25 hours when clocks go back', 'Europe/Moscow', '2014-10-25T12:00Z', '2014-10-26T13:00Z', 1],
  ['and a second day after them', 'Europe/Moscow', '2014-10-25T12:00Z', '2014-10-26T13:00:01Z', 2],
  ['a day that Samoa left out is none', 'Pacific/Apia', '2011-12-30T09:59Z', '2011-12-31T09:58Z', 1],
])('%s', (_what, zone, from, until, days) => {
  expect(startedDays(new Date(from), new Date(until), zone)).toBe(days);
});
