/**
 * The row that a key leads to from another one; undefined where it leads nowhere.
 * @param page  rows that PageUp and PageDown pass
 */
export function rowAfter(key: string, index: number, count: number, page = 10): number | undefined {
  const target: Readonly<Record<string, number>> = {
    ...{ ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page },
    ...{ Home: 0, End: count - 1 },
  }
  const wanted = target[key]
  if (wanted === undefined || count === 0) return undefined
  const row = Math.min(Math.max(wanted, 0), count - 1)
  return row === index ? undefined : row
}

/** What a key does with the row that is focused. */
export function rowDeed(key: string): 'open' | 'select' | 'acknowledge' | 'shelve' | undefined {
  if (key === 'Enter') return 'open'
  if (key === ' ') return 'select'
  if (key === 'a' || key === 'A') return 'acknowledge'
  return key === 's' || key === 'S' ? 'shelve' : undefined
}
