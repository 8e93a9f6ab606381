import { leastSpeakers } from '#lib/datasets/folds.ts';
import { type FoldSize, findBaselineRate, listFoldSizes } from '#lib/db/fold-sizes.ts';
import { webDatabase } from '#lib/db/web.ts';
import { assumedRate, detectableDifference, enoughUnits, fewestUnits } from '#lib/detectable.ts';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import type { Desk } from '../desk.ts';

/** How large the folds are, and by how much systems have to differ for them to show it. Nothing before test is imported. */
export async function PowerPanel({ desk }: { desk: Desk }) {
  const { t, formats, competition } = desk;
  const sizes = await listFoldSizes(webDatabase(), competition.id);
  if (sizes.length === 0) return null;
  const known = await findBaselineRate(webDatabase(), competition.id);
  const rate = known ?? assumedRate;
  return (
    <Panel title={t('power.title')} className="space-y-4">
      <Sizes desk={desk} sizes={sizes} rate={rate} />
      <p className="max-w-prose text-sm text-soft">
        {t(known === null ? 'power.text-assumed' : 'power.text-baseline', { rate: formats.percent(rate) })}
      </p>
      <Warning desk={desk} sizes={sizes} />
    </Panel>
  );
}

type Shown = { desk: Desk; sizes: readonly FoldSize[] };

function Sizes({ desk: { t, formats, competition }, sizes, rate }: Shown & { rate: number }) {
  const number = (label: string) => ({ label, look: 'number' });
  const columns = [
    { label: t('power.fold') },
    number(t('power.difference')),
    number(t('data.recordings')),
    number(t(`power.units-${competition.unit}`)),
    number(t('power.words')),
  ];
  return (
    <Table caption={t('power.caption')} columns={columns}>
      {sizes.map(({ fold, utterances, units, words }) => (
        <tr key={fold}>
          <th scope="row">{t(`power.${fold}`)}</th>
          <td className="number">{pointsOf(detectableDifference(words, rate), formats)}</td>
          <td className="number">{formats.number(utterances)}</td>
          <td className="number">{formats.number(units)}</td>
          <td className="number">{formats.number(words)}</td>
        </tr>
      ))}
    </Table>
  );
}

function pointsOf(points: number | null, formats: Desk['formats']): string {
  return points === null ? '—' : formats.number(points, 1);
}

/** Of the fold with the fewest units: there the chance of a few people decides. */
function Warning({ desk: { t }, sizes }: Shown) {
  const fewest = sizes.reduce((a, b) => (b.units < a.units ? b : a));
  if (fewest.units >= enoughUnits) return null;
  const kind = fewest.units < fewestUnits ? 'few' : 'rough';
  return (
    <Notice kind={kind === 'few' ? 'warning' : 'info'} title={t(`power.${kind}-title`)}>
      <p>
        {t(`power.${kind}`, {
          fold: t(`power.${fewest.fold}`),
          units: fewest.units,
          enough: enoughUnits,
          speakers: leastSpeakers,
        })}
      </p>
    </Notice>
  );
}
