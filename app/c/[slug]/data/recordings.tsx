import Link from 'next/link';
import { listUtterancePage, type SplitSummary, type UtteranceRow } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../visit.ts';

type Query = { split?: string | string[]; page?: string | string[] };
type Props = { visit: Visit; splits: readonly SplitSummary[]; query: Query };

const pageSize = 20;

/** Recordings with their references, to be heard here: those splits whose references are open, a page at a time. */
export async function Recordings({ visit, splits, query }: Props) {
  const { t, competition, slug } = visit;
  const chosen = splits.find(({ split }) => split === query.split) ?? splits.findLast(() => true);
  if (chosen === undefined) return null;
  const lastPage = Math.max(1, Math.ceil(chosen.utterances / pageSize));
  const page = Math.min(lastPage, Math.max(1, Math.floor(Number(query.page)) || 1));
  const offset = (page - 1) * pageSize;
  const rows = await listUtterancePage(webDatabase(), competition.id, chosen.split, { offset, limit: pageSize });
  const range = { from: offset + 1, to: offset + rows.length, total: chosen.utterances };
  const href = (split: string, number: number) => `/c/${slug}/data?split=${split}&page=${number}#listen`;
  return (
    <div id="listen" className="scroll-mt-6">
      <Panel title={t('data.listen')} aside={<Switch splits={splits} chosen={chosen} href={(s) => href(s, 1)} />}>
        <p className="mb-2 text-sm text-soft">{t('data.listen-caption', { split: chosen.split, ...range })}</p>
        <ul className="divide-y divide-rule">
          {rows.map((row) => (
            <Recording key={row.id} visit={visit} row={row} />
          ))}
        </ul>
        <nav aria-label={t('data.pages')} className="mt-4 flex gap-6">
          {page > 1 && (
            <Link href={href(chosen.split, page - 1)} className="link" prefetch={false}>
              ← {t('data.page-previous')}
            </Link>
          )}
          {page < lastPage && (
            <Link href={href(chosen.split, page + 1)} className="link" prefetch={false}>
              {t('data.page-next')} →
            </Link>
          )}
        </nav>
      </Panel>
    </div>
  );
}

type SwitchProps = { splits: readonly SplitSummary[]; chosen: SplitSummary; href: (split: string) => string };

function Switch({ splits, chosen, href }: SwitchProps) {
  if (splits.length < 2) return null;
  return (
    <span className="flex gap-4">
      {splits.map(({ split }) => (
        <Link
          key={split}
          href={href(split)}
          prefetch={false}
          className="link aria-[current]:font-semibold aria-[current]:no-underline"
          aria-current={split === chosen.split ? 'true' : undefined}
        >
          {split}
        </Link>
      ))}
    </span>
  );
}

function Recording({ visit: { t, formats, slug }, row }: { visit: Visit; row: UtteranceRow }) {
  const path = row.id.split('/').map(encodeURIComponent).join('/');
  return (
    <li className="grid gap-x-6 gap-y-2 py-3 md:grid-cols-[1fr_20rem] md:items-center">
      <div className="min-w-0">
        <p>{row.reference}</p>
        <p className="break-all text-sm text-soft">
          {row.id}
          {row.seconds !== null && ` · ${formats.seconds(row.seconds)}`}
        </p>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: its words stand beside it */}
      <audio
        controls
        preload="none"
        src={`/api/v1/competitions/${slug}/data/files/${row.split}/${path}`}
        aria-label={t('data.listen-play', { id: row.id })}
        className="h-10 w-full"
      />
    </li>
  );
}
