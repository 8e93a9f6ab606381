import { clockText } from '#lib/stage.ts';
import type { Scene } from './scene.ts';
import type { SceneProps } from './scene-view.tsx';

/**
 * Who talks, how much time is left, and who is next. public/talk.js counts by the server's clock; without it the page says when the
 * time is over.
 */
export function TalkScene({ scene: { talk }, competition, language }: SceneProps<Scene & { name: 'talk' }>) {
  const { t, formats } = language;
  const { team, title, speakers, part, clock, isPaused, warningMs, next } = talk;
  const ends = 'endsAt' in clock ? clock.endsAt : null;
  return (
    <main className="talk" data-script="/talk.js">
      <div className="talk-who">
        {part !== 'break' && <p className="talk-part">{t(`stage.part-${part}`)}</p>}
        <h2>
          <bdi>{team ?? t('stage.break')}</bdi>
        </h2>
        {title && <p className="talk-title">{title}</p>}
        {speakers.length > 0 && <p className="talk-speakers">{speakers.join(', ')}</p>}
      </div>
      <div
        className={'leftMs' in clock ? 'talk-clock' : 'talk-clock is-long'}
        data-ends-at={ends?.toISOString()}
        data-left-ms={'leftMs' in clock ? clock.leftMs : undefined}
        data-warning-ms={warningMs}
        data-warning={t('stage.warning')}
        data-over={t('stage.over')}
      >
        <time role="timer" dateTime={ends?.toISOString()}>
          {'leftMs' in clock
            ? clockText(clock.leftMs)
            : t('stage.live-until', { at: formats.time(clock.endsAt, competition.timeZone) })}
        </time>
        <p>{isPaused && t('stage.live-paused')}</p>
      </div>
      {next && (
        <p className="talk-next">
          {t('stage.next-is')}{' '}
          <b>
            <bdi>{next.team ?? t('stage.break')}</bdi>
          </b>
        </p>
      )}
    </main>
  );
}
