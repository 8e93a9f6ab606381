import type { ReactNode } from 'react';

/**
 * A table of facts with its caption. Scrolls sideways on a phone instead of squeezing; the keyboard reaches the scroll.
 * Figures go into cells of class `number`; row headings are `<th scope="row">`.
 */
export function Table({ caption, head, children }: { caption: string; head: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="overflow-x-auto">
      <table className="table">
        <caption>{caption}</caption>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
