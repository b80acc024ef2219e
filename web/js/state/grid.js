// Where a key leads in a grid whose rows may be of different lengths.
const PAGE = 4;

const STEPS = {
  ArrowLeft: ({ row, column }, lengths) => {
    if (column > 0) return { row, column: column - 1 };
    return row > 0 ? { row: row - 1, column: lengths[row - 1] - 1 } : { row, column };
  },
  ArrowRight: ({ row, column }, lengths) => {
    if (column + 1 < lengths[row]) return { row, column: column + 1 };
    return row + 1 < lengths.length ? { row: row + 1, column: 0 } : { row, column };
  },
  ArrowUp: ({ row, column }) => (row > 0 ? { row: row - 1, column } : null),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  PageUp: ({ row, column }) => ({ row: row - PAGE, column }),
  PageDown: ({ row, column }) => ({ row: row + PAGE, column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }) => ({ row, column: Infinity }),
};

// undefined for a key that leads nowhere here, null for one that leads out at the top.
export function placeAfter(key, place, lengths) {
  const to = STEPS[key]?.(place, lengths);
  if (!to) return to;
  const row = Math.min(Math.max(to.row, 0), lengths.length - 1);
  return { row, column: Math.min(to.column, lengths[row] - 1) };
}
