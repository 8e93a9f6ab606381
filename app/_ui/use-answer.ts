import { unstable_rethrow } from 'next/navigation';
import { useActionState, useEffect, useState } from 'react';
import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };

type Refused = { status: 'refused'; sentence: string };

/**
 * The answer of a server action, and the function that sends its form. Where the server cannot be reached that is an answer too,
 * and no broken page: everything typed stays. Before and without JavaScript the form goes to the action itself.
 */
export function useAnswer<Answer>(
  action: (previous: Awaited<Answer> | Refused | null, form: FormData) => Promise<Answer>,
): [Awaited<Answer> | Refused | null, (form: FormData) => void] {
  const [isLive, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  const guarded = async (previous: Awaited<Answer> | Refused | null, form: FormData): Promise<Answer | Refused> => {
    try {
      return await action(previous, form);
    } catch (error) {
      unstable_rethrow(error);
      // What the server itself threw has a digest, and a page of its own.
      if (error instanceof Error && 'digest' in error) throw error;
      return { status: 'refused', sentence: unreachable() };
    }
  };
  const [answer, submit] = useActionState<Answer | Refused | null, FormData>(isLive ? guarded : action, null);
  return [answer, submit];
}

function unreachable(): string {
  return (document.documentElement.lang === 'en' ? inEnglish : inRussian).unreachable;
}
