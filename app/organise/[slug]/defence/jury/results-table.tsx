import type { Plan } from '#lib/db/defence.ts';
import type { EveningLink } from '#lib/db/evening-links.ts';
import type { JurorComment, JurorMark, NamedCriterion } from '#lib/db/jury.ts';
import { meanOf, pointsFromMarks, shareOfMarks } from '#lib/marks.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Table } from '#ui/table.tsx';
import type { Desk } from '../../desk.ts';

type Team = { id: string; name: string };
type Props = {
  desk: Desk;
  plan: Plan;
  criteria: readonly NamedCriterion[];
  jurors: readonly EveningLink[];
  teams: readonly Team[];
  marks: readonly JurorMark[];
  comments: readonly JurorComment[];
};

/** Means of all jurors, and within each team what every one of them gave and said. */
export function ResultsTable(props: Props) {
  const { desk, plan, criteria, teams, marks } = props;
  const { t, language } = desk;
  if (criteria.length === 0 || teams.length === 0) return <EmptyState title={t('jury.results-none')} />;
  return (
    <Table
      caption={t('jury.results')}
      columns={[
        { label: t('jury.team') },
        ...criteria.map((criterion) => ({ label: nameIn(criterion, language), look: 'number' })),
        { label: t('jury.share'), look: 'number' },
        ...(plan.pointsForMarks === null ? [] : [{ label: t('jury.points-column'), look: 'number' }]),
      ]}
    >
      {teams.map((team) => (
        <Row key={team.id} {...props} team={team} marks={marks.filter(({ teamId }) => teamId === team.id)} />
      ))}
    </Table>
  );
}

function Row({ team, ...props }: Props & { team: Team }) {
  const { desk, plan, criteria, marks } = props;
  const { formats } = desk;
  const points = pointsFromMarks(plan.pointsForMarks, criteria, marks);
  return (
    <tr>
      <th scope="row" className="w-full min-w-56">
        <span className="font-semibold">{team.name}</span>
        <Said team={team} {...props} />
      </th>
      {criteria.map(({ id }) => (
        <td key={id} className="number">
          {figure(meanOf(id, marks), (mean) => formats.number(mean, 2))}
        </td>
      ))}
      <td className="number">{formats.percent(shareOfMarks(criteria, marks))}</td>
      {plan.pointsForMarks !== null && (
        <td className="number">{figure(points, (given) => formats.number(given, 2))}</td>
      )}
    </tr>
  );
}

function Said({ desk: { t, language }, criteria, jurors, marks, comments, team }: Props & { team: Team }) {
  const own = comments.filter(({ teamId }) => teamId === team.id);
  const heard = jurors.filter(({ id }) => [...marks, ...own].some(({ jurorId }) => jurorId === id));
  if (heard.length === 0) return <p className="text-sm font-normal text-soft">{t('jury.unmarked')}</p>;
  return (
    <details className="text-sm font-normal">
      <summary>{t('jury.jurors', { count: heard.length })}</summary>
      <ul className="mt-2 space-y-2">
        {heard.map(({ id, name }) => {
          const given = criteria.map((criterion) => {
            const mark = marks.find((m) => m.jurorId === id && m.criterionId === criterion.id)?.mark ?? '—';
            return `${nameIn(criterion, language)}: ${mark}`;
          });
          const comment = own.find(({ jurorId }) => jurorId === id)?.comment;
          return (
            <li key={id}>
              <b className="font-semibold">{name}</b>: {given.join(', ')}
              {comment && <p className="max-w-prose whitespace-pre-line text-soft">{comment}</p>}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function figure(value: number | null, print: (value: number) => string): string {
  return value === null ? '—' : print(value);
}

function nameIn({ nameRu, nameEn }: NamedCriterion, language: Desk['language']): string {
  return language === 'ru' ? nameRu : nameEn;
}
