/*
 * The tables of migrations/*.sql as TypeScript sees them: names and types only. Constraints, indexes, grants and triggers
 * are SQL and stand there. Column names are the snake_case of the keys (client.ts). A test compares both.
 */

export * from '#lib/db/schema/boards.ts';
export * from '#lib/db/schema/competitions.ts';
export * from '#lib/db/schema/courses.ts';
export * from '#lib/db/schema/data.ts';
export * from '#lib/db/schema/defence.ts';
export * from '#lib/db/schema/labels.ts';
export * from '#lib/db/schema/log.ts';
export * from '#lib/db/schema/mails.ts';
export * from '#lib/db/schema/people.ts';
export * from '#lib/db/schema/submissions.ts';
export * from '#lib/db/schema/teams.ts';
export * from '#lib/db/schema/workers.ts';
