import type { Broker } from '../broker.ts'
import { Fences, readControl } from '../control.ts'
import { Fleet, type FleetDevice } from '../fleet.ts'
import { SimulatedTime } from '../simulated-time.ts'
import { everyInterval } from '../ticks.ts'
import { clockMessage, everyToldStep } from '../told-steps.ts'
import { Town } from './town.ts'
import type { TownPlan } from './town-plan.ts'
import type { TownSettings } from './town-settings.ts'

export interface TownOutput {
  readonly say: (line: string) => void
  readonly warn: (line: string) => void
  /** After each step, the town as it stands then. */
  readonly onStep?: (town: Town, at: number) => void
  /** A setpoint that a device did not follow, and why. */
  readonly onRefused?: (deviceId: string, reason: string) => void
}

export interface RunningTown {
  readonly town: Town
  /** Resolves when it has come to its end by itself. */
  readonly over: Promise<void>
  /** The time of the field, UTC ms. */
  now(): number
  /** Every device says goodbye, and disconnects. */
  stop(): Promise<void>
}

/** At its own end the town waits so long for what is on its way, ms. */
const SETTLE_MS = 30_000
const HOUR_MS = 3_600_000

/** Runs the town over one connection: its devices step by step, what they send, and the setpoints that they are given. */
export function runTown(settings: TownSettings, broker: Broker, output: TownOutput): RunningTown {
  const { plan, seed, start, intervalMs, simulatedSpeed, durationMs } = settings
  const { say, warn, onStep, onRefused } = output
  const time = simulatedSpeed === undefined ? undefined : new SimulatedTime(start, simulatedSpeed)
  const now = time ? () => time.now() : Date.now
  const town = new Town(plan, settings)
  const fences = new Fences()
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  let [setpoints, refused] = [0, 0]

  const refuse = (deviceId: string, reason: string) => {
    refused += 1
    warn(`${deviceId} refused a setpoint: ${reason}`)
    onRefused?.(deviceId, reason)
  }
  const onControl = (deviceId: string, payload: string) => {
    const message = readControl(payload)
    if (message.is === 'refused') return refuse(deviceId, message.reason)
    if (message.is === 'released') return town.control(deviceId, undefined, now())
    const reason = fences.refusal(deviceId, message.setpoint)
    if (reason !== undefined) return refuse(deviceId, reason)
    setpoints += 1
    town.control(deviceId, message.setpoint, now())
  }

  const fleet = new Fleet({
    ...{ broker, seed, now, onControl, report: say, warn, devices: townDevices(plan) },
    // The clock and the readings keep their order on one connection only, and 250 would be a crowd.
    oneConnection: true,
    isHeard: () => true,
    onCommand: (deviceId) => warn(`${deviceId} takes setpoints, and no commands: ignored`),
    ...(time && { clock: () => clockMessage(time.now(), time.speed) }),
  })

  let hour = Math.floor(start / HOUR_MS)
  const step = (at: number) => {
    if (at - start >= durationMs) return end()
    for (const message of town.step(at))
      fleet.publish(message.deviceId, { ...message, payload: JSON.stringify(message.payload) })
    onStep?.(town, at)
    if (Math.floor(at / HOUR_MS) === hour) return
    hour = Math.floor(at / HOUR_MS)
    for (const line of standing(town, plan)) say(`${new Date(at).toISOString().slice(0, 16)} ${line}`)
  }
  const stopSteps = time
    ? everyToldStep({ time, start, intervalMs, fleet, broker, say, warn }, step)
    : everyInterval(start, intervalMs, now, step)
  void fleet.connect()
  return { town, over: over.then(finish), now, stop }

  async function finish(): Promise<void> {
    stopSteps()
    if (!(await fleet.settle(SETTLE_MS))) warn(`${fleet.backlog} messages are not acknowledged`)
  }

  async function stop(): Promise<void> {
    stopSteps()
    const { sessions, requestedKwh, deliveredKwh } = town.charged
    say(
      `${fleet.acknowledged} messages acknowledged by the broker, ${setpoints} setpoints followed, ${refused} refused`,
    )
    say(`${sessions} cars have gone with ${deliveredKwh.toFixed(1)} of ${requestedKwh.toFixed(1)} kWh`)
    // Whoever follows it would run on without a field.
    if (time) fleet.publishAsGateway(clockMessage(time.now(), 0))
    await fleet.close()
  }
}

/** What flows at the head of each feeder, for people. */
const standing = (town: Town, { feeders }: TownPlan): string[] =>
  feeders.map(({ id, limitKw }) => {
    const { totalKw, byLineKw } = town.heads.get(id)!
    return `${id} ${totalKw.toFixed(1)} kW of ${limitKw} (${byLineKw.map((kw) => kw.toFixed(1)).join(' / ')})`
  })

/** The devices of a town as they are connected. */
function townDevices({ feeders, chargePoints, batteries, plants }: TownPlan): FleetDevice[] {
  const der = { capabilities: ['telemetry', 'setpoint'], controllable: true }
  return [
    ...[...chargePoints, ...batteries, ...plants].map(({ id }) => ({ id, ...der })),
    ...feeders.map(({ headMeterId }) => ({ id: headMeterId, capabilities: ['telemetry'], controllable: false })),
  ]
}
