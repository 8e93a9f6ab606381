import { Notice } from '#ui/notice.tsx';
import { Problems } from '#ui/problems.tsx';
import { DeskRefusal } from './desk-refusal.tsx';
import type { Place } from './texts.ts';
import type { Act } from './use-desk.ts';

/** What came of an act, read out where it happened. */
export function Outcome({ act: { done, refusal }, place }: { act: Act; place: Place }) {
  if (refusal !== null) {
    return (
      <div className="mt-4 space-y-4">
        <DeskRefusal refusal={refusal} place={place} />
        {refusal.problems.length > 0 && <Problems problems={refusal.problems} texts={place.problems} />}
      </div>
    );
  }
  return done ? (
    <Notice kind="success" live className="mt-4">
      {done}
    </Notice>
  ) : null;
}
