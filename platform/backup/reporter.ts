const everyMs = 3_000

export interface Reporter {
  /** Called often; says something every few seconds. */
  passed(rows: number): void
  done(rows: number): void
}

/** Says how far a table has come: nothing of empty ones, one line of small ones. */
export function reporter(table: string, say: (line: string) => void, total?: number): Reporter {
  let next = performance.now() + everyMs
  const of = total === undefined ? '' : ` of ${shown(total)}`
  return {
    passed(rows) {
      if (performance.now() < next) return
      next = performance.now() + everyMs
      say(`${table}: ${shown(rows)}${of} rows …`)
    },
    done(rows) {
      if (rows > 0) say(`${table}: ${shown(rows)} rows`)
    },
  }
}

const shown = (count: number): string => count.toLocaleString('en-US')
