import { Countdown } from '#ui/countdown.tsx';
import type { Visit } from './visit.ts';

/** Time left until an instant of the competition. */
export function Until({ visit: { formats, language, competition, now }, at }: { visit: Visit; at: Date }) {
  const absolute = formats.instant(at, competition.timeZone);
  return <Countdown until={at.toISOString()} absolute={absolute} language={language} now={now.toISOString()} />;
}
