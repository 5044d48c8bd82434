/** From what is known of devices to what is shared out among them. */
import type { BaseLoad, Device, Feeder, Line } from './allocation/problem.ts'
import { lines } from './allocation/problem.ts'
import { calmBounds } from './calm.ts'
import { lostSpan, type LostSpan } from './lost-devices.ts'
import { needOf, type NeedSettings } from './needs.ts'
import { leastOnOf, type ObservedDevice } from './observed-device.ts'

export interface SteeringSettings extends NeedSettings {
  readonly intervalMs: number
  /** A device that was not heard for longer is lost. */
  readonly silentMs: number
}

/** Devices of one tree: those that take part in sharing out. */
export interface ProblemDevices {
  readonly devices: readonly Device[]
  /** With the room that lost devices may take besides what they are counted at. */
  readonly feeders: readonly Feeder[]
  /** Lost ones, by device. */
  readonly lost: ReadonlyMap<string, LostSpan>
}

/**
 * Devices as they stand in the problem of an interval. A lost one is counted at the most that it may be taking, and towards the source
 * at the least.
 * @param at  UTC milliseconds
 */
export function problemDevices(
  observed: readonly ObservedDevice[],
  feeders: readonly Feeder[],
  at: number,
  settings: SteeringSettings,
): ProblemDevices {
  const lost = new Map<string, LostSpan>()
  const below = new Map<string, BaseLoad['lowKw']>()
  const devices = observed.map((one): Device => {
    const need = needOf(one, at, settings.intervalMs, settings)
    const presentKw = one.told && one.told.expiresAt > at ? one.told.powerKw : null
    const leastOnKw = leastOnOf(one)
    const { deviceId, feederId, kind, phases, contractedKw } = one
    const plain = { deviceId, feederId, kind, phases, leastOnKw, contractedKw: contractedKw ?? 0, presentKw }
    const span = lostSpan(one, at, settings.silentMs)
    if (span) {
      lost.set(deviceId, span)
      below.set(feederId, added(below.get(feederId), phases, span.lowKw - span.highKw))
      const kw = span.highKw
      return {
        ...plain,
        fromKw: kw,
        untilKw: kw,
        wantedKw: kw,
        contractedKw: 0,
        weight: need.weight,
        held: null,
        lostAtKw: kw,
      }
    }
    const bounds = calmBounds({ ...need, kind, leastOnKw }, one, presentKw, at, settings.intervalMs)
    return { ...plain, ...bounds, weight: need.weight, lostAtKw: null }
  })
  const widened = feeders.map(({ feederId, parentFeederId, limits, baseLoad }): Feeder => {
    const more = below.get(feederId) ?? nobody
    // Of a feeder above one whose head is lost the highest may be below the lowest: what is lost is in both. Alone it is taken as
    // the span between them, which tightens.
    const of = (choose: (...two: number[]) => number, widen: BaseLoad['lowKw']) =>
      Object.fromEntries(
        lines.map((line) => [line, choose(baseLoad.lowKw[line], baseLoad.highKw[line]) + widen[line]]),
      ) as Record<Line, number>
    return { feederId, parentFeederId, limits, baseLoad: { lowKw: of(Math.min, more), highKw: of(Math.max, nobody) } }
  })
  return { devices, feeders: widened, lost }
}

const nobody: BaseLoad['lowKw'] = { total: 0, A: 0, B: 0, C: 0 }

function added(to: BaseLoad['lowKw'] | undefined, phases: Device['phases'], kw: number): BaseLoad['lowKw'] {
  const sum = { ...(to ?? nobody) }
  sum.total += kw
  for (const phase of phases) sum[phase] += kw / phases.length
  return sum
}

/** How far a device is concerned by what holds above it. */
export interface Concern {
  /** A limit, or demand response, above it: it takes part in sharing out. */
  readonly takesPart: boolean
  /** And it is told what it gets. A PV is curtailed for an export limit only: without one it is left alone. */
  readonly isTold: boolean
}

/**
 * What concerns a device, by the feeders from its own up to the root. Whom nothing concerns is never steered.
 * @param shedFeederIds  feeders below which demand response asks for less
 */
export function concernOf(
  { kind, feederId }: Pick<ObservedDevice, 'kind' | 'feederId'>,
  feeders: ReadonlyMap<string, Pick<Feeder, 'parentFeederId' | 'limits'>>,
  shedFeederIds: ReadonlySet<string>,
): Concern {
  let [isLimited, isExportLimited, isAsked] = [false, false, false]
  for (let id: string | null = feederId; id !== null;) {
    const feeder: Pick<Feeder, 'parentFeederId' | 'limits'> | undefined = feeders.get(id)
    if (!feeder) break
    isLimited ||= feeder.limits.length > 0
    isExportLimited ||= feeder.limits.some(({ direction }) => direction === 'export')
    isAsked ||= shedFeederIds.has(id)
    id = feeder.parentFeederId
  }
  const takesPart = isLimited || isAsked
  return { takesPart, isTold: kind === 'pv' ? isExportLimited : takesPart }
}
