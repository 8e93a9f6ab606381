'use client';

import { useState } from 'react';
import { checkTeamName, type TeamNameProblem } from '#lib/team-name.ts';
import { Field } from '#ui/field.tsx';

type Props = { label: string; hint: string; problems: Record<TeamNameProblem, string>; defaultValue?: string };

/** A team's name, checked while it is typed; that it is too short is said only once the field is left. */
export function NameField({ label, hint, problems, defaultValue = '' }: Props) {
  const [name, setName] = useState(defaultValue);
  const [left, setLeft] = useState(false);
  const checked = checkTeamName(name);
  const isEarly = name === '' || (!left && !checked.ok && checked.problem === 'too-short');
  return (
    <Field
      name="name"
      label={label}
      hint={hint}
      required
      autoComplete="off"
      value={name}
      error={checked.ok || isEarly ? undefined : problems[checked.problem]}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => setLeft(true)}
    />
  );
}
