-- A course around a competition: its programme, who is in it, what they handed in and when, what was agreed with one student, and the
-- sheets that were published. Marks, extensions and sheets are never changed: what counts is the newest, and the rest is the history.

create table courses (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) between 2 and 60),
  name_ru text not null check (char_length(name_ru) between 1 and 120),
  name_en text not null check (char_length(name_en) between 1 and 120),
  -- Markdown. A language that is left empty is read in the other.
  about_ru text not null default '' check (char_length(about_ru) <= 20000),
  about_en text not null default '' check (char_length(about_en) <= 20000),
  time_zone text not null default 'Europe/Moscow',
  competition_id uuid references competitions,
  -- The JSON of lib/course/settings.ts.
  settings jsonb not null,
  is_demo boolean not null default false,
  published_at timestamptz,
  -- Runs the course together with the staff of its competition.
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  constraint one_course_per_competition unique (competition_id)
);

create table course_homeworks (
  id uuid primary key default gen_random_uuid(),
  course_id uuid not null references courses,
  title_ru text not null check (char_length(title_ru) between 1 and 200),
  title_en text not null check (char_length(title_en) between 1 and 200),
  -- Where the task stands.
  link text check (link ~ '^https?://' and char_length(link) <= 500),
  max_points numeric not null check (max_points > 0 and max_points <= 1000 and max_points = round(max_points, 2)),
  handed_out_at timestamptz not null,
  soft_at timestamptz not null,
  hard_at timestamptz not null,
  -- What was handed in for it stays, and no longer counts.
  removed_at timestamptz,
  unique (course_id, id),
  constraint homework_in_order check (handed_out_at < soft_at and soft_at < hard_at and hard_at < soft_at + interval '366 days')
);
create index homeworks_of_course on course_homeworks (course_id, soft_at);

create table course_lectures (
  id uuid primary key default gen_random_uuid(),
  course_id uuid not null references courses,
  held_at timestamptz not null,
  title_ru text not null check (char_length(title_ru) between 1 and 200),
  title_en text not null check (char_length(title_en) between 1 and 200),
  -- A list of {"title", "url"}.
  materials jsonb not null default '[]',
  -- What belongs to it: a homework, the project, or nothing.
  homework_id uuid,
  is_project boolean not null default false,
  foreign key (course_id, homework_id) references course_homeworks (course_id, id),
  constraint homework_or_project check (homework_id is null or not is_project)
);
create index lectures_of_course on course_lectures (course_id, held_at);

create table course_students (
  id uuid primary key default gen_random_uuid(),
  course_id uuid not null references courses,
  -- As the university writes it: the key of every file.
  student_number text not null check (char_length(student_number) between 1 and 40),
  name text not null check (char_length(name) between 1 and 100),
  group_name text not null default '' check (char_length(group_name) <= 40),
  email text not null check (char_length(email) between 3 and 254),
  email_key text not null,
  -- The account whose owner has proven the address; the web sets it by the address alone.
  user_id uuid references users,
  invited_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default rostrum_now(),
  unique (course_id, id),
  constraint one_student_per_number unique (course_id, student_number)
);
create unique index one_student_per_address on course_students (course_id, email_key) where removed_at is null;
create unique index one_student_per_account on course_students (course_id, user_id) where removed_at is null;
create index students_of_address on course_students (email_key) where user_id is null;

-- The newest row of a student and a homework counts; one without points takes a mark back.
create table homework_results (
  id bigint generated always as identity primary key,
  course_id uuid not null,
  homework_id uuid not null,
  student_id uuid not null,
  points numeric check (points >= 0 and points <= 1000 and points = round(points, 2)),
  handed_in_at timestamptz,
  reason text not null default '' check (char_length(reason) <= 500),
  recorded_by uuid references users,
  recorded_at timestamptz not null default rostrum_now(),
  foreign key (course_id, homework_id) references course_homeworks (course_id, id),
  foreign key (course_id, student_id) references course_students (course_id, id),
  constraint a_mark_is_whole check ((points is null) = (handed_in_at is null))
);
create index results_of_student on homework_results (student_id, homework_id, id desc);

create table homework_extensions (
  id uuid primary key default gen_random_uuid(),
  course_id uuid not null,
  homework_id uuid not null,
  student_id uuid not null,
  soft_at timestamptz not null,
  hard_at timestamptz not null,
  reason text not null check (char_length(reason) between 1 and 500),
  created_by uuid references users,
  created_at timestamptz not null default rostrum_now(),
  revoked_at timestamptz,
  foreign key (course_id, homework_id) references course_homeworks (course_id, id),
  foreign key (course_id, student_id) references course_students (course_id, id),
  constraint extension_in_order check (soft_at < hard_at and hard_at < soft_at + interval '366 days')
);
create index extensions_of_student on homework_extensions (student_id, homework_id);

-- What students see. A row of a sheet holds one student's part and no more, so that nobody's page reads another's.
create table course_sheets (
  course_id uuid not null references courses,
  version integer not null check (version >= 1),
  -- The JSON of lib/course/sheet.ts without its rows.
  body text not null,
  reason text not null default '' check (char_length(reason) <= 500),
  published_by uuid references users,
  published_at timestamptz not null default rostrum_now(),
  primary key (course_id, version)
);
create table course_sheet_rows (
  course_id uuid not null,
  version integer not null,
  student_id uuid not null,
  body text not null,
  primary key (course_id, version, student_id),
  foreign key (course_id, version) references course_sheets (course_id, version),
  foreign key (course_id, student_id) references course_students (course_id, id)
);
create index sheet_rows_of_student on course_sheet_rows (student_id, version);

create trigger marks_are_final before update or delete or truncate on homework_results
  for each statement execute function refuse_change();
create trigger sheets_are_final before update or delete or truncate on course_sheets
  for each statement execute function refuse_change();
create trigger sheet_rows_are_final before update or delete or truncate on course_sheet_rows
  for each statement execute function refuse_change();

-- Given by the student alone; without a row there is no consent. Taken back, the contact is forgotten.
create table shortlist_consents (
  student_id uuid primary key references course_students,
  contact text not null check (char_length(contact) between 1 and 200),
  given_at timestamptz not null default rostrum_now()
);

grant select, insert, update on courses, course_homeworks, course_students, homework_extensions to rostrum_web;
grant select, insert, update, delete on course_lectures, shortlist_consents to rostrum_web;
grant select, insert on homework_results, course_sheets, course_sheet_rows to rostrum_web;
