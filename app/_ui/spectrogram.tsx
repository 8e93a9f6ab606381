import { classNames } from './class-names.ts';

/** How loud each pitch is over time, low ones below. `png` is a mask in base64, so that it has the page's colour in either theme. */
export function Spectrogram({ png, label, className }: SpectrogramProps) {
  const whole = { width: '100%', height: '100%' };
  return (
    <svg role="img" aria-label={label} className={classNames('block w-full rounded-lg bg-sunk text-accent', className)}>
      <mask id="spectrogram">
        <image href={`data:image/png;base64,${png}`} preserveAspectRatio="none" {...whole} />
      </mask>
      <rect fill="currentColor" mask="url(#spectrogram)" {...whole} />
    </svg>
  );
}
type SpectrogramProps = { png: string; label: string; className?: string };
