import { listActors, listTeamsOfLog } from '#lib/db/event-log.ts';
import { webDatabase } from '#lib/db/web.ts';
import { eventGroups } from '#lib/event-kinds.ts';
import { Button, LinkButton } from '#ui/button.tsx';
import { Field, Select } from '#ui/field.tsx';
import type { Desk } from '../desk.ts';
import { addressOf, type LogQuery } from './query.ts';

/** A plain form: the address is the filter, so that it can be kept and sent. */
export async function Filters({ desk: { t, competition, slug }, query }: { desk: Desk; query: LogQuery }) {
  const db = webDatabase();
  const [actors, teams] = [await listActors(db, competition.id), await listTeamsOfLog(db, competition.id)];
  const named = (anything: string, items: readonly { id: string; name: string }[]) => [
    { value: '', label: anything },
    ...items.map(({ id, name }) => ({ value: id, label: name })),
  ];
  // Accounts belong to no competition.
  const groups = eventGroups.filter((group) => group !== 'accounts');
  const about = [
    { value: '', label: t('log.any') },
    ...groups.map((group) => ({ value: group, label: t(`log.group-${group}`) })),
  ];
  const root = `/organise/${slug}/log`;
  return (
    <form action={root} aria-label={t('log.filters')} className="mb-6 space-y-4">
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Select label={t('log.group')} name="about" options={about} defaultValue={query.about ?? ''} />
        <Select
          label={t('log.person')}
          name="by"
          options={named(t('log.anybody'), actors)}
          defaultValue={query.by ?? ''}
        />
        <Select
          label={t('log.team')}
          name="team"
          options={named(t('log.any-team'), teams)}
          defaultValue={query.team ?? ''}
        />
        <Field label={t('log.day')} name="day" type="date" defaultValue={query.day ?? ''} />
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="secondary">
          {t('log.show')}
        </Button>
        <LinkButton look="quiet" href={addressOf(`${root}/events.csv`, { ...query, before: undefined })} download>
          {t('log.export')}
        </LinkButton>
      </div>
    </form>
  );
}
