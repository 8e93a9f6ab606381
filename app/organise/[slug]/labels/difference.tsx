import type { BoardDifference, Shown } from '#lib/board-difference.ts';
import { Chip } from '#ui/chip.tsx';
import { Notice } from '#ui/notice.tsx';
import { Table } from '#ui/table.tsx';
import type { Place } from './texts.ts';

type Props = { place: Place; difference: BoardDifference; isFrozen: boolean };

/** Who would move on the public board, from what to what. */
export function Difference({ place, difference: { moves, unchanged }, isFrozen }: Props) {
  const { t, formats } = place;
  const placeOf = (shown: Shown | null) => (shown?.rank == null ? t('nothing') : formats.number(shown.rank));
  const werOf = (shown: Shown | null) => (shown?.wer == null ? t('nothing') : formats.percent(shown.wer));
  const fromTo = (before: string, after: string) => (before === after ? after : t('from-to', { before, after }));
  return (
    <div className="space-y-3">
      {isFrozen && <Notice kind="warning">{t('difference-frozen')}</Notice>}
      {moves.length === 0 ? (
        <p className="font-medium">{t('difference-none')}</p>
      ) : (
        <Table
          caption={t('difference')}
          columns={[{ label: t('team') }, { label: t('place'), look: 'number' }, { label: t('wer'), look: 'number' }]}
        >
          {moves.map(({ teamId, team, isBaseline, before, after }) => (
            <tr key={teamId}>
              <th scope="row">
                <bdi>{team}</bdi> {isBaseline && <Chip>{t('baseline')}</Chip>}
              </th>
              <td className="number whitespace-nowrap">{fromTo(placeOf(before), placeOf(after))}</td>
              <td className="number whitespace-nowrap">{fromTo(werOf(before), werOf(after))}</td>
            </tr>
          ))}
        </Table>
      )}
      <p className="text-sm text-soft">
        {t('difference-unchanged', { count: unchanged })} {t('difference-private')}
      </p>
    </div>
  );
}
