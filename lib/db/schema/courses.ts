import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Material } from '#lib/course/programme.ts';
import type { CourseSettings } from '#lib/course/settings.ts';
import { identifier, instant, points } from '#lib/db/schema/columns.ts';

export const courses = pgTable('courses', {
  id: identifier(),
  slug: text().notNull(),
  nameRu: text().notNull(),
  nameEn: text().notNull(),
  aboutRu: text().notNull().default(''),
  aboutEn: text().notNull().default(''),
  timeZone: text().notNull().default('Europe/Moscow'),
  competitionId: uuid(),
  settings: jsonb().$type<CourseSettings>().notNull(),
  isDemo: boolean().notNull().default(false),
  publishedAt: instant(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
});

export const courseHomeworks = pgTable('course_homeworks', {
  id: identifier(),
  courseId: uuid().notNull(),
  titleRu: text().notNull(),
  titleEn: text().notNull(),
  link: text(),
  maxPoints: points().notNull(),
  handedOutAt: instant().notNull(),
  softAt: instant().notNull(),
  hardAt: instant().notNull(),
  removedAt: instant(),
});

export const courseLectures = pgTable('course_lectures', {
  id: identifier(),
  courseId: uuid().notNull(),
  heldAt: instant().notNull(),
  titleRu: text().notNull(),
  titleEn: text().notNull(),
  materials: jsonb().$type<Material[]>().notNull().default([]),
  homeworkId: uuid(),
  isProject: boolean().notNull().default(false),
});

export const courseStudents = pgTable('course_students', {
  id: identifier(),
  courseId: uuid().notNull(),
  studentNumber: text().notNull(),
  name: text().notNull(),
  groupName: text().notNull().default(''),
  email: text().notNull(),
  emailKey: text().notNull(),
  userId: uuid(),
  invitedAt: instant(),
  removedAt: instant(),
  createdAt: instant().notNull().defaultNow(),
});

export const homeworkResults = pgTable('homework_results', {
  id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  courseId: uuid().notNull(),
  homeworkId: uuid().notNull(),
  studentId: uuid().notNull(),
  points: points(),
  handedInAt: instant(),
  reason: text().notNull().default(''),
  recordedBy: uuid(),
  recordedAt: instant().notNull().defaultNow(),
});

export const homeworkExtensions = pgTable('homework_extensions', {
  id: identifier(),
  courseId: uuid().notNull(),
  homeworkId: uuid().notNull(),
  studentId: uuid().notNull(),
  softAt: instant().notNull(),
  hardAt: instant().notNull(),
  reason: text().notNull(),
  createdBy: uuid(),
  createdAt: instant().notNull().defaultNow(),
  revokedAt: instant(),
});

export const courseSheets = pgTable(
  'course_sheets',
  {
    courseId: uuid().notNull(),
    version: integer().notNull(),
    body: text().notNull(),
    reason: text().notNull().default(''),
    publishedBy: uuid(),
    publishedAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.version] })],
);

export const courseSheetRows = pgTable(
  'course_sheet_rows',
  {
    courseId: uuid().notNull(),
    version: integer().notNull(),
    studentId: uuid().notNull(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.courseId, t.version, t.studentId] })],
);

export const shortlistConsents = pgTable('shortlist_consents', {
  studentId: uuid().primaryKey(),
  contact: text().notNull(),
  givenAt: instant().notNull().defaultNow(),
});
