'use client';

import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

/** Puts `text` on the clipboard and says so. The text itself stands beside it, for where the browser refuses. */
export function CopyButton({ text, label, copied }: { text: string; label: string; copied: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2500);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <>
      <Button
        look="secondary"
        size="small"
        onClick={() =>
          navigator.clipboard.writeText(text).then(
            () => setDone(true),
            () => setDone(false),
          )
        }
      >
        {done ? copied : label}
      </Button>
      <span role="status" className="sr-only">
        {done ? copied : ''}
      </span>
    </>
  );
}
