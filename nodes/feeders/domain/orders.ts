/** From what was shared out to what devices are told, and to what is kept for the next round and for whoever asks why. */
import type { Allocation, Binding, DeviceShare } from './allocation/allocation.ts'
import type { Device } from './allocation/problem.ts'
import { openPv } from './calm.ts'
import { heardSpan, type LostSpan } from './lost-devices.ts'
import { deficitKwh } from './needs.ts'
import type { HeardSpan, ObservedDevice } from './observed-device.ts'
import type { RoundProblem } from './round-problem.ts'

/** What a device is told. */
export interface Order {
  readonly deviceId: string
  /** kW; null: it is let go. */
  readonly powerKw: number | null
  /** UTC milliseconds; null where it is let go. */
  readonly expiresAt: number | null
  /** For the record. */
  readonly reason: string
}

/** What is kept of a device until the next round. */
export interface KeptShare {
  readonly deviceId: string
  readonly feederId: string
  readonly powerKw: number
  readonly deficitKw: number
  /** Energy it has gone short of, kWh. */
  readonly deficitKwh: number
  readonly binding: Binding['kind']
  readonly toldKw: number | null
  readonly toldUntil: number | null
  readonly toldAt: number | null
  readonly heard: HeardSpan | null
  readonly switchedAt: number | null
  readonly detail: ShareDetail
}

/** Why a device got what it got, in numbers. Power is kW at the terminals, consumption positive. */
export interface ShareDetail {
  readonly kind: Device['kind']
  readonly phases: string
  readonly ratedKw: number
  readonly fromKw: number
  readonly untilKw: number
  readonly wantedKw: number
  readonly leastOnKw: number
  readonly contractedKw: number
  readonly weight: number
  readonly held: Device['held']
  readonly binding: Binding
  readonly marginalPrice: number | null
  readonly isSpared: boolean
  readonly lost: LostSpan | null
  readonly measuredKw: number | null
  readonly soc: number | null
  readonly energyNeededKwh: number | null
  readonly departsAt: number | null
  readonly priority: number | null
}

export interface OrderTimes {
  /** Beginning of the interval, UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  /** Between rounds as they really come, where that is longer; 0: not known. */
  readonly paceMs: number
  /** Devices that follow what another controller told them: they hear it again under the present one's token, and nothing else after it. */
  readonly underOtherToken?: ReadonlySet<string>
}

const intervalsToHold = 3
const leastToHoldMs = 180_000
const mostToHoldMs = 8 * 3_600_000
/** What is told again holds anew once this share of its time is left. */
const renewShare = 0.7

/** How long a setpoint holds that nobody says again, ms. */
export const holdingMs = ({ intervalMs, paceMs }: OrderTimes): number =>
  Math.min(mostToHoldMs, Math.max(intervalsToHold * intervalMs, intervalsToHold * paceMs, leastToHoldMs))

/** What devices are told after a round, and what is kept of it. A lost device is told nothing: it would not hear. */
export function ordersOf(
  { problem, observed, lost, spared, told, released }: RoundProblem,
  allocation: Allocation,
  times: OrderTimes,
): { readonly orders: readonly Order[]; readonly shares: readonly KeptShare[] } {
  const { at } = times
  const devices = new Map(problem.devices.map((device) => [device.deviceId, device]))
  const open = openPv(problem, allocation, new Map([...observed].map(([id, { ratedKw }]) => [id, ratedKw])))
  const orders: Order[] = released.map((deviceId) => ({
    ...{ deviceId, powerKw: null, expiresAt: null, reason: 'nothing limits it any more' },
  }))
  const shares: KeptShare[] = []
  for (const share of allocation.devices) {
    const [device, known] = [devices.get(share.deviceId), observed.get(share.deviceId)]
    if (!device || !known) continue
    const span = lost.get(share.deviceId)
    const isMute = span !== undefined || !told.has(share.deviceId)
    const order = isMute ? undefined : orderOf(share, known, open.get(share.deviceId) ?? share.powerKw, times)
    if (order) orders.push(order)
    const standing = known.told && known.told.expiresAt > at ? known.told : null
    const [toldKw, toldUntil] = order
      ? [order.powerKw!, order.expiresAt!]
      : [standing?.powerKw ?? null, standing?.expiresAt ?? null]
    const earlier = known.share
    const isSame = order === undefined || standing?.powerKw === toldKw
    const toldAt = isSame ? (earlier?.toldAt ?? (toldKw === null ? null : at)) : at
    const wasOn = (standing?.powerKw ?? 0) > 0
    const isSwitched = toldKw !== null && toldKw > 0 !== wasOn
    // Heard since the round before: it follows what it was told then, and of what it was told earlier nothing holds any more.
    const isHeard = !span && known.reading !== null && earlier !== null && known.reading.at > earlier.at
    const heard = [
      isHeard ? null : (earlier?.heard ?? null),
      standing && spanOf(standing),
      order ? spanOf(order) : null,
    ]
    shares.push({
      ...{ deviceId: share.deviceId, feederId: device.feederId, powerKw: share.powerKw, deficitKw: share.deficitKw },
      ...{ deficitKwh: deficitKwh(known, at, times.intervalMs), binding: share.binding.kind },
      ...{ toldKw, toldUntil, toldAt },
      heard: heardSpan(heard, at),
      switchedAt: isSwitched ? at : (earlier?.switchedAt ?? null),
      detail: detailOf(share, device, known, span ?? null, spared.has(share.deviceId)),
    })
  }
  return { orders, shares }
}

/** What one device is told; undefined where it was told that already, and long enough. */
function orderOf(share: DeviceShare, { told }: ObservedDevice, powerKw: number, times: OrderTimes): Order | undefined {
  const ms = holdingMs(times)
  const isOurs = !times.underOtherToken?.has(share.deviceId)
  const isTold = isOurs && told !== null && told.powerKw === powerKw && told.expiresAt - times.at >= renewShare * ms
  if (isTold) return undefined
  return { deviceId: share.deviceId, powerKw, expiresAt: times.at + ms, reason: reasonOf(share.binding) }
}

const spanOf = ({ powerKw, expiresAt }: Pick<Order, 'powerKw' | 'expiresAt'>): HeardSpan | null =>
  powerKw === null || expiresAt === null ? null : { lowKw: powerKw, highKw: powerKw, until: expiresAt }

/** In a few words, for the record. */
function reasonOf(binding: Binding): string {
  switch (binding.kind) {
    case 'feeder':
      return `${binding.direction} limit of ${binding.feederId}, ${binding.line}: ${binding.limitKw} kW (${binding.source})`
    case 'shed':
      return `shed below ${binding.feederId} (${binding.targetId})`
    case 'wanted':
      return 'all it wants'
    case 'device':
      return 'its own bounds'
    case 'least-power':
      return 'less than its least power is left'
    case 'held':
      return 'it was switched a short while ago'
    case 'lost':
      return 'it does not hear'
  }
}

function detailOf(
  { binding, marginalPrice }: DeviceShare,
  device: Device,
  { ratedKw, reading, priority }: ObservedDevice,
  lost: LostSpan | null,
  isSpared: boolean,
): ShareDetail {
  const { kind, phases, fromKw, untilKw, wantedKw, leastOnKw, contractedKw, weight, held } = device
  return {
    ...{ kind, phases: phases.join(''), ratedKw, fromKw, untilKw, wantedKw, leastOnKw, contractedKw, weight, held },
    ...{ binding, marginalPrice, isSpared, lost, priority },
    ...{ measuredKw: reading?.powerKw ?? null, soc: reading?.soc ?? null },
    ...{ energyNeededKwh: reading?.energyNeededKwh ?? null, departsAt: reading?.departsAt ?? null },
  }
}
