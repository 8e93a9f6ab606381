import { useEffect, useState } from 'react';

/**
 * What is typed into a long field, kept in this tab until it is what the server has: a page that broke, a session that ended or a
 * browser that went back cost nobody their text. `key` names the field among all of the site; `saved` is what the server has.
 */
export function useDraft(key: string, saved: string) {
  const [text, setText] = useState(saved);
  const [isRestored, setRestored] = useState(false);
  useEffect(() => {
    const kept = read(key);
    if (kept === null) return;
    if (kept === saved) return write(key, null);
    setText(kept);
    setRestored(true);
  }, [key, saved]);
  const change = (typed: string) => {
    setText(typed);
    write(key, typed === saved ? null : typed);
  };
  const discard = () => {
    setText(saved);
    setRestored(false);
    write(key, null);
  };
  return { text, isRestored: isRestored && text !== saved, change, discard };
}

/** A browser may keep nothing, or have no room left. */
function read(key: string): string | null {
  try {
    return sessionStorage.getItem(`draft:${key}`);
  } catch {
    return null;
  }
}

function write(key: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(`draft:${key}`);
    else sessionStorage.setItem(`draft:${key}`, text);
  } catch {
    // The field itself still holds it.
  }
}
