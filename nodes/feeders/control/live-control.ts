import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../platform/clock/clock.ts'
import { instantOrNull } from '../../../platform/http/fields.ts'
import { provideFeederLimits } from '../../../platform/live/feeder-limits.ts'
import type { Hub } from '../../../platform/live/hub.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { LiveControl } from '../../../platform/wire/live-control.ts'
import { controlledDevices, controlVersion, tightestLimits, type ControlledDevice } from './control-repository.ts'

export interface LiveControlOptions {
  readonly hub: Hub
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Of feeders of which the registry says none, kW; null: they have none. */
  readonly defaultLimitKw: number | null
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const rest = { restMs: 1_000, restFactor: 9 }
/** What the registry says of them changes too. */
const lookAgainMs = 30_000
/** Each takes less than a kilobyte of memory; the API knows all. */
const mostDevices = 20_000

/** Shows on the live stream what devices are told and what keeps them from more, and which limits are in force on feeders. */
export class LiveControls {
  readonly #database: Database
  readonly #options: LiveControlOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #withdraw: () => void
  #limits: ReadonlyMap<string, number> = new Map()
  #seen = ''
  #lookAt = 0

  constructor(database: Database, options: LiveControlOptions) {
    this.#database = database
    this.#options = options
    this.#withdraw = provideFeederLimits(() => this.#limits)
    const rounds = { ...rest, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#withdraw()
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const { hub, clock, clockIsSet, defaultLimitKw } = this.#options
    if (!clockIsSet()) return
    // Read before the rows: what is committed in between is looked at again.
    const version = await controlVersion(this.#database)
    if (version === this.#seen && performance.now() < this.#lookAt) return
    this.#limits = await tightestLimits(this.#database, defaultLimitKw)
    const devices = await controlledDevices(this.#database, clock.now(), mostDevices)
    const present = new Set(devices.map(({ deviceId }) => deviceId))
    for (const { deviceId } of hub.values('control')) if (!present.has(deviceId)) hub.remove('control', deviceId)
    for (const device of devices) {
      const shown = liveControl(device)
      if (!isDeepStrictEqual(hub.get('control', device.deviceId), shown)) hub.publish('control', device.deviceId, shown)
    }
    this.#seen = version
    this.#lookAt = performance.now() + lookAgainMs
  }
}

function liveControl({ share, expiresAt, ...device }: ControlledDevice): LiveControl {
  if (!share) return { ...device, expiresAt: instantOrNull(expiresAt), share: null }
  const { whole, at, ...figures } = share
  return {
    ...device,
    expiresAt: instantOrNull(expiresAt),
    share: {
      ...{ at: instantOrNull(at)!, ...figures },
      ...{ limitFeederId: whole?.feederId ?? null, limitSource: whole?.source ?? null },
    },
  }
}
