import type { Queries } from '../../../platform/storage/queries.ts'
import { remember, type Sample } from '../domain/rules/leaf.ts'
import { judgeReading, restingState, type DeviceState, type RuleChange, type RuleState } from '../domain/rules/judge.ts'
import { isFor, type Evidence, type Rule } from '../domain/rules/rule.ts'
import { JudgedDevices } from './judged-devices.ts'
import { newestReadings } from './reading-repository.ts'
import type { Surroundings } from './store-outcome.ts'
import { statesOf, type StateRow } from './state-repository.ts'

/** Devices whose readings are read together. */
const devicesAtOnce = 2_000
/** Of one device, where a rate has to be known from what came before: the more are left out, the later it is known. */
const mostReadings = 200

type StoredStates = ReadonlyMap<string, ReadonlyMap<string, StateRow>>

/**
 * What is remembered of the devices of rules that judge what is stored, made again as it was when the log had been taken as far as
 * a position: from the states that were stored, and from the readings before. A rule of which nothing is stored at a device is
 * judged by these readings: it was at rest there, or is new.
 */
export async function rememberedDevices(
  queries: Queries,
  rules: readonly Rule[],
  position: number,
  { now, feederOf }: Pick<Surroundings, 'now' | 'feederOf'>,
): Promise<JudgedDevices> {
  const devices = new JudgedDevices(rules)
  const stored = await storedStates(queries, rules)
  const spanMs = longestSpanMs(rules)
  for (const kind of new Set(rules.map(({ scope }) => scope.kind))) {
    for (let after: number | null = 0; after !== null;) {
      const page = { after, size: devicesAtOnce }
      const most = spanMs === 0 ? 1 : mostReadings
      const { readings, last } = await newestReadings(queries, kind, position, most, page, feederOf)
      for (const [deviceId, all] of Map.groupBy(readings, (reading) => reading.deviceId))
        restore(devices, rules, stored.get(deviceId), within(all, spanMs), now)
      after = last
    }
  }
  return devices
}

/** What is remembered of rules that judge what comes on the wire: the states that were stored, and nothing else. */
export async function storedDevices(queries: Queries, rules: readonly Rule[]): Promise<JudgedDevices> {
  const devices = new JudgedDevices(rules)
  for (const [deviceId, rows] of await storedStates(queries, rules)) {
    const at = Math.max(...[...rows.values()].map((row) => row.at))
    const device = { at, states: rules.map(({ name }) => rows.get(name)?.state ?? restingState) }
    devices.restore(deviceId, device, { device, changes: [] })
  }
  return devices
}

async function storedStates(queries: Queries, rules: readonly Rule[]): Promise<StoredStates> {
  const rows = await statesOf(
    queries,
    rules.map(({ name }) => name),
  )
  const byDevice = Map.groupBy(rows, ({ deviceId }) => deviceId)
  return new Map([...byDevice].map(([deviceId, all]) => [deviceId, new Map(all.map((row) => [row.rule, row]))]))
}

/** How far back a rate looks, at most. */
const longestSpanMs = (rules: readonly Rule[]): number =>
  2 * Math.max(0, ...rules.flatMap(({ leaves }) => leaves.flatMap((leaf) => (leaf.type === 'rate' ? leaf.overMs : []))))

const within = (readings: readonly Evidence[], spanMs: number): readonly Evidence[] =>
  readings.filter(({ at }) => at >= readings.at(-1)!.at - spanMs)

/**
 * Makes what is remembered of one device again.
 * @param readings  oldest first
 */
function restore(
  devices: JudgedDevices,
  rules: readonly Rule[],
  stored: ReadonlyMap<string, StateRow> | undefined,
  readings: readonly Evidence[],
  now: number,
): void {
  const { deviceId, at } = readings.at(-1)!
  const changes: RuleChange[] = []
  const states = rules.map((rule): RuleState => {
    const state = stored?.get(rule.name)?.state
    if (state) return { ...state, histories: historiesOf(rule, readings) }
    const judged = judgedAlone(rule, readings)
    const last = judged.changes.at(-1)
    // What began and ended before the last reading was said when it was so, or was before the rule.
    if (!judged.state.active || !last) return judged.state
    // It holds by a rule that is new: whatever another rule of this name said before, and was taken back, was said earlier.
    const since = Math.max(last.at, now)
    changes.push({ ...last, at: since })
    return { ...judged.state, since }
  })
  const before = rules.map(({ name }) => stored?.get(name)?.state ?? restingState)
  devices.restore(deviceId, { at, states: before }, { device: { at, states }, changes })
}

function judgedAlone(rule: Rule, readings: readonly Evidence[]): { state: RuleState; changes: readonly RuleChange[] } {
  let device: DeviceState | undefined
  const said: RuleChange[] = []
  for (const reading of readings) {
    const { changes, ...judged } = judgeReading([rule], device, reading)
    device = judged.device
    said.push(...changes)
  }
  return { state: device?.states[0] ?? restingState, changes: said }
}

function historiesOf(rule: Rule, readings: readonly Evidence[]): RuleState['histories'] {
  const mine = readings.filter((reading) => isFor(rule, reading))
  return rule.leaves.flatMap((leaf) => {
    if (leaf.type !== 'rate') return []
    let history: readonly Sample[] = []
    for (const reading of mine) history = remember(leaf, reading, history)
    return [history]
  })
}
