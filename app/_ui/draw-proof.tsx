import type { Draw } from '#lib/db/defence.ts';
import { digestOf, drawCommand, type Slot } from '#lib/defence.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Formats } from './format.ts';

type Props = { t: Translate; formats: Formats; draw: Draw; slots: readonly Slot[]; timeZone: string };

/** What the order was drawn with, and how to draw it again. */
export function DrawProof({ t, formats, draw: { seed, teams, drawnAt }, slots, timeZone }: Props) {
  const talks = slots.flatMap(({ team }) => (team === null ? [] : [team.name]));
  const isAsDrawn = talks.length === teams.length && talks.every((name, i) => name === teams[i]);
  return (
    <div className="space-y-2 text-sm">
      <p>
        {t('defence.drawn', { at: formats.instant(drawnAt, timeZone) })}{' '}
        {t(isAsDrawn ? 'defence.drawn-kept' : 'defence.drawn-changed')}
      </p>
      <p className="break-all">
        {t('defence.seed')}: <code className="code">{seed}</code>
      </p>
      <details>
        <summary>{t('defence.draw-again')}</summary>
        <p className="my-2 text-soft">{t('defence.draw-algorithm')}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways on a phone must be reachable by keyboard */}
        <pre tabIndex={0} className="code">
          {drawCommand(seed, teams[0]!)}
        </pre>
        <ol className="mt-2 list-decimal pl-6">
          {teams.map((name) => (
            <li key={name}>
              {name} <code className="break-all text-soft">{digestOf(seed, name).slice(0, 16)}…</code>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
