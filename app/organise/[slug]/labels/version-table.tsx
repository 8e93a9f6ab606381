import type { ListedVersion } from '#lib/label-desk.ts';
import { Chip } from '#ui/chip.tsx';
import { Table } from '#ui/table.tsx';
import type { Place } from './texts.ts';

type Props = { place: Place; versions: readonly ListedVersion[]; inForce: number };

/** Every version that there was, newest first. */
export function VersionTable({ place: { t, formats, print }, versions, inForce }: Props) {
  const columns = [
    { label: t('version'), look: 'number' },
    { label: t('state') },
    { label: t('edited'), look: 'number' },
    { label: t('reason') },
    { label: t('when') },
  ];
  return (
    <Table caption={t('versions')} columns={columns}>
      {versions.map(({ version, state, edited, reason, createdBy, createdAt }) => (
        <tr key={version}>
          <th scope="row" className="number">
            {formats.number(version)}
          </th>
          <td>
            <Chip look={version === inForce ? 'good' : 'plain'}>{t(`state-${state}`)}</Chip>
          </td>
          <td className="number">{formats.number(edited)}</td>
          <td>{reason}</td>
          <td className="whitespace-nowrap">
            {t('by', { name: createdBy ?? t('command-line'), at: print(createdAt) })}
          </td>
        </tr>
      ))}
    </Table>
  );
}
