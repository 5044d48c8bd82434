import type { Comparison, Count, Difference, FieldDifference } from './compare.ts'
import { nameOf, type Fault, type NamedNode, type Outcome, type UnsettledBatch } from './outcome.ts'

/** What a trial came to. */
export interface Result {
  readonly tab: string
  readonly traffic: string
  /** Where each of the tabs came from. */
  readonly deployedFrom?: string
  readonly playedFrom: string
  readonly played: Outcome
  readonly deployed?: Outcome
  readonly counts: readonly Count[]
  /** Where there is something to compare with. */
  readonly comparison?: Comparison
  readonly notes: readonly string[]
}

/** What is wrong with what was tried, a line each; none: it went through. */
export function failuresOf({ played }: Result): string[] {
  const uncaught = played.faults.filter(({ caughtBy }) => caughtBy === undefined)
  const errors = uncaught.reduce((sum, { count }) => sum + count, 0)
  return [
    ...(played.broken === undefined ? [] : [played.broken]),
    ...(errors > 0 ? [`${plural(errors, 'error')} that no Catch node took`] : []),
    ...(played.unsettled.length > 0 ? [`${plural(played.unsettled.length, 'batch', 'batches')} never settled`] : []),
  ]
}

/** For programs: everything but the items that are the same, which are counted. */
export function asJson(result: Result): string {
  const { played, deployed, ...rest } = result
  const brief = (outcome: Outcome) => ({
    ...outcome,
    items: undefined,
    nodes: undefined,
    cameOut: outcome.items.length,
  })
  const json = { ...rest, played: brief(played), ...(deployed && { deployed: brief(deployed) }) }
  return `${JSON.stringify({ ...json, failures: failuresOf(result) }, null, 2)}\n`
}

/** What people read. @param show  so many differences of each kind */
export function describe(result: Result, show: number): string {
  const { played, deployed, comparison, notes } = result
  const lines = [
    `Tab ${result.tab}, ${result.playedFrom}${deployed ? `, held against ${result.deployedFrom}` : ''}`,
    `Traffic: ${result.traffic}; played in ${(played.tookMs / 1_000).toFixed(1)} s`,
    '',
    ...tableOf(result.counts, deployed !== undefined),
    ...section('Errors', [...faultLines(played.faults), ...unsettledLines(played.unsettled)]),
    ...section('Ended early', [
      ...(played.broken === undefined ? [] : [`${deployed ? 'the changed tab' : 'the tab'}: ${played.broken}`]),
      ...(deployed?.broken === undefined ? [] : [`the deployed tab: ${deployed.broken}`]),
    ]),
    ...(comparison ? section('What differs from the deployed tab', differenceLines(comparison, show)) : []),
    ...section('Notes', [...new Set([...notes, ...played.notes])]),
    '',
    verdict(result),
  ]
  return `${lines.join('\n')}\n`
}

function verdict({ comparison, ...rest }: Result): string {
  const failures = failuresOf(rest)
  const through = failures.length === 0 ? 'It went through without errors' : `It failed: ${failures.join('; ')}`
  if (!comparison) return `${through}.`
  return `${through}; ${comparison.same ? 'no difference to the deployed tab' : `${differenceCount(comparison)} to the deployed tab`}.`
}

function differenceCount({ differences, faults, unsettled }: Comparison): string {
  return plural(differences.length + faults.length + (unsettled.before === unsettled.now ? 0 : 1), 'difference')
}

const mostGroups = 12

function tableOf(counts: readonly Count[], compared: boolean): string[] {
  if (counts.length === 0) return ['Nothing came out of the tab.']
  const rows: string[][] = [['', '', ...(compared ? ['deployed', 'changed', ''] : ['count'])]]
  for (const [, ofNode] of Map.groupBy(counts, ({ node }) => node.id)) {
    rows.push([nameOf(ofNode[0]!.node)])
    for (const [verb, ofVerb] of Map.groupBy(ofNode, (one) => one.verb)) {
      const sorted = ofVerb.toSorted((one, other) => changeOf(other) - changeOf(one) || other.now - one.now)
      const shown = ofVerb.length > mostGroups ? sorted.slice(0, mostGroups) : ofVerb
      for (const [index, count] of shown.entries())
        rows.push([index === 0 ? `  ${verb}` : '', count.group, ...cells(count)])
      if (shown.length < ofVerb.length)
        rows.push(['', `and ${ofVerb.length - shown.length} more`, ...cells(sum(sorted.slice(mostGroups)))])
      if (ofVerb.length > 1) rows.push(['', 'in all', ...cells(sum(ofVerb))])
    }
  }
  return aligned(rows)

  function cells({ before, now }: Pick<Count, 'before' | 'now'>): string[] {
    if (!compared) return [String(now)]
    const change = now - before
    return [String(before), String(now), change === 0 ? '' : change > 0 ? `+${change}` : `−${-change}`]
  }
}

const changeOf = ({ before, now }: Count): number => Math.abs(now - before)
const sum = (counts: readonly Count[]): { before: number; now: number } => ({
  before: counts.reduce((all, { before }) => all + before, 0),
  now: counts.reduce((all, { now }) => all + now, 0),
})

function aligned(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.filter((row) => row.length > 1)
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}

const faultLines = (faults: readonly Fault[]): string[] => faults.map((fault) => describeFault(fault, fault.count))

const describeFault = ({ node, message, caughtBy }: Fault, count: number): string =>
  `${nameOf(node)}: ${message}${times(count)}, ${caughtBy === undefined ? 'taken by no Catch node' : `taken by ${caughtBy}`}`

function unsettledLines(batches: readonly UnsettledBatch[]): string[] {
  return [...Map.groupBy(batches, ({ topic, from }) => `${topic} from ${from}`)].map(([what, all]) => {
    const items = all.reduce((total, one) => total + one.items, 0)
    return `${plural(all.length, 'batch', 'batches')} never settled: ${plural(items, 'item')}, ${what.trim()}; no telemetry store had all of it`
  })
}

function differenceLines({ differences, faults, unsettled }: Comparison, show: number): string[] {
  const lines: string[] = []
  const kinds = Map.groupBy(differences, ({ is, node, verb, group }) => [is, node.id, verb, group].join('\0'))
  for (const all of kinds.values()) {
    const { is, node, verb, group } = all[0]!
    lines.push(
      `${nameOf(node)}: ${all.length} ${[verb, group].filter(Boolean).join(' ')} ${is}${fewOf(devicesOf(all))}`,
    )
    lines.push(
      ...all
        .slice(0, show)
        .map(describeDifference)
        .filter(Boolean)
        .map((line) => `  ${line}`),
    )
  }
  for (const { fault, before, now } of faults)
    lines.push(`${describeFault(fault, 1)}: ${plural(before, 'time')} in the deployed tab, ${now} in the changed one`)
  if (unsettled.before !== unsettled.now)
    lines.push(`batches never settled: ${unsettled.before} in the deployed tab, ${unsettled.now} in the changed one`)
  return lines
}

const devicesOf = (differences: readonly Difference[]): string[] =>
  [...new Set(differences.flatMap(({ device }) => device ?? []))].toSorted()

const fewOf = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`

function describeDifference({ device, key, value, fields }: Difference): string {
  const what = fields.length > 0 ? fields.slice(0, 8).map(describeField).join(', ') : describeItem(value)
  return [[device, key].filter(Boolean).join(' '), what].filter(Boolean).join(': ')
}

/** Of a reading what it measured: device and instant stand before it. */
function describeItem(value: unknown): string {
  const { values, labels } = (value ?? {}) as { values?: object; labels?: object }
  if (typeof values !== 'object') return value === null ? '' : short(value, 160)
  return Object.entries({ ...values, ...labels })
    .map(([name, one]) => `${name} ${one}`)
    .join(', ')
}

const describeField = ({ field, before, now }: FieldDifference): string =>
  `${field || 'value'} ${before === undefined ? 'unset' : short(before, 60)} → ${now === undefined ? 'unset' : short(now, 60)}`

function short(value: unknown, most: number): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > most ? `${text.slice(0, most)}…` : text
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]

const times = (count: number): string => (count === 1 ? '' : `, ${count} times`)

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** Which nodes are not what they seem: stood in for without anybody having thought of them. */
export const describeStandIns = (standIns: readonly { node: NamedNode; module: string }[]): string[] =>
  [...Map.groupBy(standIns, ({ node, module }) => `${node.type} (of ${module})`)].map(
    ([what, all]) =>
      `${what} is stood in for: what reaches ${plural(all.length, 'node')} is taken down, and nothing comes out`,
  )
