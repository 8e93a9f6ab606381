import { aPredictionsFile } from '../../builders.ts';
import type { Ids } from './event.ts';

/*
 * Everything that changes something in somebody's name: what its form sends, with the ids of what it is about. An act of whoever may do
 * it goes through with this, or is refused for what `refusedTo` says, which comes after who may.
 */

export type By = 'captain' | 'organiser' | 'administrator' | 'juror' | 'helper';
export type Route = { method: string; path: string; body?: BodyInit; type?: string };
/** Of the competition that an act names: the versions of its programme and its stage, its course's sheet; and a name that nobody has. */
export type Now = { version: number; stage: number; digest: string; unique: string };
export type Act = {
  file: string;
  /** Of the action, or the route's method and what it is called here. */
  name: string;
  by: By;
  sent: (of: Ids, now: Now) => readonly unknown[] | Route;
  /** The code by which whoever may act is refused in an event like the test's. */
  refusedTo?: string;
};

/** As a browser sends it. */
export function form(fields: Readonly<Record<string, string | Blob>>): FormData {
  const typed = new FormData();
  for (const [name, value] of Object.entries(fields)) typed.append(name, value);
  return typed;
}

/** An action of a competition or a course: its slug, nothing before, what was typed. */
export const typed = (of: Ids, fields: Readonly<Record<string, string | Blob>>) => [of.slug!, null, form(fields)];
export const both = { titleRu: 'Начало', titleEn: 'It begins' };
export const names = { nameRu: 'Новое имя', nameEn: 'A new name' };
export const reason = 'agreed';
export const [soon, later] = [local(2), local(3)];
const began = [
  'registrationStartsAt',
  'teamChangesStartAt',
  'trainReleasedAt',
  'devReleasedAt',
  'testReleasedAt',
  'submissionsStartAt',
];
const ends = ['registrationEndsAt', 'teamChangesEndAt', 'submissionsEndAt'];
export const timeline = Object.fromEntries([
  ...began.map((name) => [name, local(-2)]),
  ...ends.map((name) => [name, local(9)]),
]);
export const predictions = () => aPredictionsFile(undefined, 1).toString();

export function local(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
}

/** The acts of one file, by name; `refusedTo` as in Act, by name as well. */
export function ofFile(
  file: string,
  by: By,
  acts: Readonly<Record<string, Act['sent']>>,
  refusedTo: Readonly<Record<string, string>> = {},
): Act[] {
  return Object.entries(acts).map(([name, sent]) => {
    const code = refusedTo[name];
    return { file, name, by, sent, ...(code === undefined ? {} : { refusedTo: code }) };
  });
}
