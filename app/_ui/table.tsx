import type { ReactNode } from 'react';

/** `look` is the class of the heading and, by their own markup, of its cells: `number` for figures. Null heads nothing. */
export type Column = { label: string | null; look?: string };

/**
 * A table of facts with its caption. Scrolls sideways on a phone instead of squeezing; the keyboard reaches the scroll.
 * Figures go into cells of class `number`; row headings are `<th scope="row">`. Positioned, since words that are only read out stand at
 * their own place and would widen the page.
 */
export function Table({ caption, name = caption, columns, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={name} tabIndex={0} className="relative overflow-x-auto">
      <table className="table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, look }) =>
              label === null ? (
                <td key="" />
              ) : (
                <th key={label} scope="col" className={look}>
                  {label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
/** `name` tells it from others of the same caption on the page. */
type TableProps = { caption: string; name?: string; columns: readonly Column[]; children: ReactNode };
