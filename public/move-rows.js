// @ts-check

/** @typedef {ReadonlyMap<string, number>} Positions the upper edge of each row on the screen, by team */

/**
 * Where the rows of a board stand now: taken before a change, given to `moveRows` after it.
 * @param {ParentNode} board
 * @returns {Positions}
 */
export function positionsOf(board) {
  return new Map(rowsOf(board).map((row) => [row.dataset.team ?? '', row.getBoundingClientRect().top]));
}

/**
 * Lets every row glide from where its team stood to where it stands now, and new ones appear. Moves nothing for those who asked
 * for less motion.
 * @param {ParentNode} board
 * @param {Positions} before
 */
export function moveRows(board, before) {
  if (before.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const moves = rowsOf(board).map((row) => ({ row, from: before.get(row.dataset.team ?? '') }));
  const shifts = moves.map(({ row, from }) => (from === undefined ? null : from - row.getBoundingClientRect().top));
  moves.forEach(({ row }, i) => {
    const shift = shifts[i];
    if (shift === 0 || shift === undefined) return;
    const first = shift === null ? { opacity: 0 } : { transform: `translateY(${shift}px)`, zIndex: shift > 0 ? 2 : 1 };
    const last = shift === null ? { opacity: 1 } : { transform: 'none', zIndex: shift > 0 ? 2 : 1 };
    row.animate([first, last], { duration: 900, easing: 'cubic-bezier(0.22, 1, 0.36, 1)' });
  });
}

/**
 * @param {ParentNode} board
 * @returns {HTMLElement[]}
 */
function rowsOf(board) {
  return [...board.querySelectorAll('tr')].filter((row) => row.dataset.team !== undefined);
}
