import { textTable } from '../../platform/runtime/text-table.ts'
import type { Checked } from './check-all.ts'
import type { Result } from './result.ts'
import type { Ran } from './run-dashboard.ts'

/** Longest a query may take, milliseconds. */
const slowMs = 200

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

const shown = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString().slice(0, 16)
  if (typeof value === 'number') return String(Math.round(value * 1_000) / 1_000)
  return value === null || value === undefined ? '–' : shortened(String(value), 18)
}

/** A table of what ran: panel, rows, columns, milliseconds, first values, or what is wrong. */
export function report(dashboard: string, ran: readonly Ran[]): string {
  const rows = ran.map(({ panel, refId, ms, result, error }) => [
    shortened(dashboard, 24),
    shortened(panel, 34),
    refId,
    shortened(error ?? result!.columns.join(', '), 60),
    shortened(error === undefined ? result!.first.map(shown).join(', ') : 'FAULT', 40),
    String(result?.rows ?? '–'),
    String(Math.round(ms)),
  ])
  return textTable([['dashboard', 'panel', 'query', 'columns', 'first values', 'rows', 'ms'], ...rows], 5)
}

/** Queries that fail, a line each: of a system that is empty nothing else is a fault. */
export const brokenOf = (dashboard: string, ran: readonly Ran[]): string[] =>
  ran.flatMap(({ panel, refId, error }) =>
    error === undefined ? [] : [`${dashboard} · ${panel} · ${refId}: ${error}`],
  )

/** Queries that took longer than a panel may, a line each. */
export const slowOf = (dashboard: string, ran: readonly Ran[]): string[] =>
  ran.flatMap(({ panel, refId, ms, error }) =>
    error === undefined && ms > slowMs
      ? [`${dashboard} · ${panel} · ${refId}: took ${Math.round(ms)} ms, more than ${slowMs}`]
      : [],
  )

/** What is wrong, a line each: queries that fail or are slow, and panels without what they name. */
export function faultsOf(dashboard: string, ran: readonly Ran[]): string[] {
  return [...brokenOf(dashboard, ran), ...slowOf(dashboard, ran), ...lackingOf(dashboard, ran)]
}

/** An answer that shows nothing: no row, or none with a value; a sum of nothing is a row, too. */
const isBlank = ({ rows, values }: Result): boolean =>
  rows === 0 ||
  (values.length > 0 &&
    values.every((row) => Object.entries(row).every(([name, value]) => name === 'time' || value === null)))

/** Queries of panels that showed nothing whatever was chosen, a line each: another query of the same panel may hide that. */
export function neverAnswered(checked: readonly Checked[]): string[] {
  const all = checked.flatMap(({ title, ran }) =>
    ran
      .filter(({ refId }) => refId !== 'annotation')
      .map((each) => ({ name: `${title} · ${each.panel} · ${each.refId}`, ...each })),
  )
  return [...Map.groupBy(all, ({ name }) => name)]
    .filter(([, looks]) => looks.every(({ result }) => !result || isBlank(result)))
    .map(([name]) => `${name}: no data, whatever was chosen`)
}

/** Panels without data, or without what they draw in their own way. */
export function lackingOf(dashboard: string, ran: readonly Ran[]): string[] {
  const faults: string[] = []
  for (const [panel, queries] of Map.groupBy(
    ran.filter(({ refId }) => refId !== 'annotation'),
    ({ panel }) => panel,
  )) {
    if (queries.some(({ error }) => error !== undefined)) continue
    const answered = new Set(queries.flatMap(({ result }) => result!.columns))
    if (queries.every(({ result }) => isBlank(result!))) {
      faults.push(`${dashboard} · ${panel}: no data`)
      continue
    }
    for (const name of queries[0]!.named)
      if (!answered.has(name))
        faults.push(`${dashboard} · ${panel}: no column "${name}", which it draws in its own way`)
  }
  return faults
}
