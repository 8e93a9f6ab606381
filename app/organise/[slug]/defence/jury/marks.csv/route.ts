import { requireCaller } from '#lib/auth.ts';
import { csv, withoutFormula } from '#lib/csv.ts';
import { listSlots } from '#lib/db/defence.ts';
import { listEveningLinks } from '#lib/db/evening-links.ts';
import { listCriteria, listMarks } from '#lib/db/jury.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { attachment } from '#lib/download.ts';
import { handler } from '#lib/http.ts';

/** Every mark and comment of every juror: a line per team and juror, for organisers and their spreadsheets. */
export const GET = handler<{ slug: string }>(async ({ request, params, language }) => {
  const db = webDatabase();
  const user = await requireCaller(request, 'read');
  const competition = await getOrganisedCompetition(db, params.slug, user);
  const criteria = await listCriteria(db, competition.id);
  const jurors = await listEveningLinks(db, competition.id, 'juror');
  const { marks, comments } = await listMarks(db, competition.id);
  const teams = (await listSlots(db, competition.id)).flatMap(({ team }) => team ?? []);
  const lines = teams.flatMap((team) =>
    jurors.map((juror) => {
      const isOfBoth = (said: { teamId: string; jurorId: string }) =>
        said.teamId === team.id && said.jurorId === juror.id;
      const own = marks.filter(isOfBoth);
      const given = criteria.map(({ id }) => own.find(({ criterionId }) => criterionId === id)?.mark ?? null);
      const comment = comments.find(isOfBoth)?.comment ?? '';
      return { isEmpty: own.length === 0 && comment === '', cells: [team.name, juror.name, ...given, comment] };
    }),
  );
  const names = criteria.map(({ nameRu, nameEn }) => (language === 'ru' ? nameRu : nameEn));
  const typed = (cell: string | number | null) => (typeof cell === 'string' ? withoutFormula(cell) : cell);
  const rows = lines.filter(({ isEmpty }) => !isEmpty).map(({ cells }) => cells.map(typed));
  return new Response(csv(['team', 'juror', ...names.map(withoutFormula), 'comment'], rows), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`${competition.slug}-marks.csv`),
    },
  });
});
