import { encode } from 'uqr';

type Props = { text: string; label: string; id?: string; className?: string };

/** A QR code, one unit high. Dark on light in both themes, as cameras expect it. With an `id`, others may draw the same by `<use>`. */
export function QrCode({ text, label, id, className }: Props) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  return (
    <svg viewBox="0 0 1 1" role="img" aria-label={label} className={className}>
      <g id={id} transform={`scale(${1 / size})`} shapeRendering="crispEdges">
        <rect width={size} height={size} fill="#fff" />
        <path d={data.map(runsOf).join('')} fill="#000" />
      </g>
    </svg>
  );
}

/** One row of modules as a path: each run of dark ones a bar. */
function runsOf(row: readonly boolean[], y: number): string {
  return row
    .map((isDark, x) => {
      if (!isDark || row[x - 1]) return '';
      const end = row.indexOf(false, x);
      const length = (end === -1 ? row.length : end) - x;
      return `M${x} ${y}h${length}v1h-${length}z`;
    })
    .join('');
}
