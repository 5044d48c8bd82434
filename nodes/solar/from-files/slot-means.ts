import { faultAt, FileError } from '../../../platform/runtime/csv-file.ts'
import { sampleMs as slotMs } from '../domain/expected-power.ts'
import type { PanelSample } from '../domain/plant.ts'
import { measureFields, type MeasureField, type PanelRow } from './panel-file.ts'

/** Five minutes of all panels of a file. */
export interface FileSlot {
  /** Beginning, UTC milliseconds. */
  readonly at: number
  /** By panel; one that has no row is not there. */
  readonly panels: ReadonlyMap<string, PanelSample>
  /** What is amiss by panel, as the file has it, the first that a row names; those that are well are not there. */
  readonly labels: ReadonlyMap<string, string>
}

/** Rows that are further apart are no longer means that 5 minutes can be made of. */
const longestStepMs = 15 * 60_000
/** Rows of a panel by which it is known how far apart they are. */
const judgedRows = 20
/** Silence is told slot by slot for so long, and passed over then: detectors forget nothing meanwhile. */
const mostSilentSlots = 288
const mostPanels = 10_000

/**
 * Rows as means of 5 minutes, slot by slot, those without any row too. A row counts for the slot that it begins in; rows that are
 * further apart than that count for each slot that they last over. No more is held than the slots that a row reaches.
 * @param kindOf  what a label says is amiss; undefined: nothing
 * @throws FileError of a row that repeats one, of rows that are too far apart, of too many panels
 */
export async function* slotsOf(
  rows: AsyncIterable<PanelRow>,
  kindOf: (label: string) => string | undefined,
): AsyncGenerator<FileSlot> {
  const open: OpenSlot[] = []
  const panels = new Map<string, FollowedPanel>()
  let stepMs = longestStepMs
  let next: number | undefined
  for await (const row of rows) {
    const begin = Math.floor(row.at / slotMs) * slotMs
    for (; open.length > 0 && open[0]!.at < begin; next = open.shift()!.at + slotMs) yield* upTo(open[0]!, next)
    stepMs = Math.min(stepMs, follow(panels, row) ?? stepMs)
    const label = kindOf(row.label)
    // The step so far, at the first row of a file not known yet: a longer one fills more slots from the second row on.
    const lasts = panels.get(row.panelId)!.rows === 1 ? slotMs : stepMs
    for (let at = begin; at < row.at + lasts && at <= begin + longestStepMs; at += slotMs) {
      let slot = open.find((one) => one.at === at)
      if (!slot) open.push((slot = { at, panels: new Map(), labels: new Map() }))
      addTo(slot, row, label)
    }
  }
  for (const slot of open) {
    yield* upTo(slot, next)
    next = slot.at + slotMs
  }
}

interface OpenSlot {
  readonly at: number
  readonly panels: Map<string, Sums>
  readonly labels: Map<string, string>
}

/** Sums of rows by measure. */
interface Sums {
  readonly totals: number[]
  readonly counts: number[]
  lowestW: number | null
  highestW: number | null
  samples: number
}

interface FollowedPanel {
  at: number
  line: number
  rows: number
  leastMs: number
}

/** A slot with the silent ones before it. */
function* upTo(slot: OpenSlot, next: number | undefined): Generator<FileSlot> {
  if (next !== undefined && slot.at - next <= mostSilentSlots * slotMs)
    for (let at = next; at < slot.at; at += slotMs) yield { at, panels: new Map(), labels: new Map() }
  const { at, labels } = slot
  yield { at, labels, panels: new Map([...slot.panels].map(([panelId, sums]) => [panelId, sampleOf(at, sums)])) }
}

/** @returns the least that its rows are apart so far, ms; undefined after the first */
function follow(panels: Map<string, FollowedPanel>, { panelId, at, line }: PanelRow): number | undefined {
  const before = panels.get(panelId)
  if (!before) {
    if (panels.size === mostPanels) throw faultAt(line, 'panel_id', panelId, `is one panel more than ${mostPanels}`)
    panels.set(panelId, { at, line, rows: 1, leastMs: Infinity })
    return undefined
  }
  if (at === before.at)
    throw faultAt(
      line,
      'timestamp',
      new Date(at).toISOString(),
      `repeats that of line ${before.line}, of panel ${panelId}`,
    )
  before.leastMs = Math.min(before.leastMs, at - before.at)
  Object.assign(before, { at, line, rows: before.rows + 1 })
  if (before.rows === judgedRows && before.leastMs > longestStepMs)
    throw new FileError(
      `line ${line}: rows of panel ${panelId} are ${before.leastMs / 1_000} s apart: they are to be 1 s to ${longestStepMs / 1_000} s`,
    )
  return before.leastMs
}

const powerAt = measureFields.indexOf('power_output_watts')

function addTo(slot: OpenSlot, { panelId, measures }: PanelRow, label: string | undefined): void {
  let sums = slot.panels.get(panelId)
  if (!sums) {
    const none = (): number[] => measureFields.map(() => 0)
    slot.panels.set(panelId, (sums = { totals: none(), counts: none(), lowestW: null, highestW: null, samples: 0 }))
  }
  sums.samples++
  for (const [index, value] of measures.entries()) {
    if (value === null) continue
    sums.totals[index]! += value
    sums.counts[index]!++
  }
  const power = measures[powerAt] ?? null
  if (power !== null) {
    sums.lowestW = Math.min(sums.lowestW ?? power, power)
    sums.highestW = Math.max(sums.highestW ?? power, power)
  }
  if (label !== undefined && !slot.labels.has(panelId)) slot.labels.set(panelId, label)
}

function sampleOf(at: number, { totals, counts, lowestW, highestW, samples }: Sums): PanelSample {
  const mean = (field: MeasureField): number | null => {
    const index = measureFields.indexOf(field)
    return counts[index] === 0 ? null : totals[index]! / counts[index]!
  }
  return {
    ...{ at, temperatureC: mean('temperature_celsius'), voltageV: mean('voltage_volts') },
    ...{ currentA: mean('current_amperes'), powerW: mean('power_output_watts'), lowestW, highestW, samples },
    irradianceWm2: mean('irradiance_wm2'),
  }
}
