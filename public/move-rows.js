// @ts-check

/** @typedef {ReadonlyMap<string, DOMRect>} Positions where each row is on the screen, by team; of those that are shown */

/**
 * Where the rows of a board stand now: taken before a change, given to `moveRows` after it.
 * @param {ParentNode} board
 * @returns {Positions}
 */
export function positionsOf(board) {
  return new Map(
    rowsOf(board).flatMap((row) => {
      const [box] = row.getClientRects();
      return box ? [/** @type {const} */ ([row.dataset.team ?? '', box])] : [];
    }),
  );
}

/**
 * Lets every row glide from where its team stood to where it stands now, and new ones appear: by transform and opacity alone, which the
 * browser draws without laying anything out again. Moves nothing for those who asked for less motion.
 * @param {ParentNode} board
 * @param {Positions} before
 */
export function moveRows(board, before) {
  if (before.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const after = positionsOf(board);
  for (const row of rowsOf(board)) {
    const to = after.get(row.dataset.team ?? '');
    if (to === undefined) continue;
    const from = before.get(row.dataset.team ?? '');
    const [x, y] = from ? [from.left - to.left, from.top - to.top] : [0, 0];
    if (from && x === 0 && y === 0) continue;
    const first = from ? { transform: `translate(${x}px, ${y}px)` } : { opacity: 0 };
    const last = from ? { transform: 'none' } : { opacity: 1 };
    // Who climbs passes before who falls. Not animated: a property that has to be laid out would take the movement along.
    row.style.zIndex = y > 0 ? '2' : '1';
    row.animate([first, last], { duration: 900, easing: 'cubic-bezier(0.22, 1, 0.36, 1)' }).onfinish = () => {
      row.style.zIndex = '';
    };
  }
}

/**
 * @param {ParentNode} board
 * @returns {HTMLElement[]}
 */
function rowsOf(board) {
  return [...board.querySelectorAll('tr')].filter((row) => row.dataset.team !== undefined);
}
