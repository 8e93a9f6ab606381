/** How loud each pitch is over time, low ones below. `png` is a mask in base64, so that it has the page's colour in either theme. */
export function Spectrogram({ png, label }: { png: string; label: string }) {
  const whole = { width: '100%', height: '100%' };
  return (
    <svg role="img" aria-label={label} className="mt-2 h-24 w-full rounded-lg bg-sunk text-accent">
      <mask id="spectrogram">
        <image href={`data:image/png;base64,${png}`} preserveAspectRatio="none" {...whole} />
      </mask>
      <rect fill="currentColor" mask="url(#spectrogram)" {...whole} />
    </svg>
  );
}
