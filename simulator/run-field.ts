import { topicOf } from '../platform/wire/contract.ts'
import type { CommandAck } from '../platform/wire/command.ts'
import type { PanelReading } from '../platform/wire/payloads.ts'
import { abilitiesOf } from './abilities.ts'
import type { Broker } from './broker.ts'
import { CommandFaults } from './command-faults.ts'
import type { Outgoing } from './connection.ts'
import { Fences, readControl } from './control.ts'
import { panelLine } from './devices/panel.ts'
import { Faults, sound } from './faults.ts'
import { Fleet, fleetDevicesOf } from './fleet.ts'
import { Obedience } from './obedience.ts'
import { carryOut, simulatorOf } from './orders.ts'
import { RemoteControl } from './remote-control.ts'
import type { FieldSettings } from './settings.ts'
import { SimulatedTime } from './simulated-time.ts'
import { devicesOf, Simulation } from './simulation.ts'
import { everyInterval } from './ticks.ts'
import { clockMessage, everyToldStep } from './told-steps.ts'

export interface Output {
  readonly say: (line: string) => void
  readonly warn: (line: string) => void
  /** Readings of panels as they are made; none is shown where this is missing, and not every setpoint either. */
  readonly show?: (line: string) => void
}

export interface RunningField {
  /** Resolves when it has come to its end by itself. */
  readonly over: Promise<void>
  /** Every device says goodbye, and disconnects. */
  stop(): Promise<void>
}

/** At its own end the field waits so long for what is on its way, ms. */
const SETTLE_MS = 30_000

/** Runs the field: its devices step by step, what they send, and what they are told. */
export function runField(settings: FieldSettings, broker: Broker, output: Output): RunningField {
  const { field, seed, start, intervalMs, simulatedSpeed } = settings
  const { say, warn, show } = output
  const time = simulatedSpeed === undefined ? undefined : new SimulatedTime(start, simulatedSpeed)
  const now = time ? () => time.now() : Date.now
  const simulation = new Simulation(field, seed, start, intervalMs, settings.script)
  const faults = new Faults(seed, settings.faults)
  const shown = new Map<string, number>()
  const fences = new Fences()
  const { promise: over, resolve: end } = Promise.withResolvers<void>()

  const onControl = (deviceId: string, payload: string) => {
    const message = readControl(payload)
    if (message.is === 'refused') return warn(`control msg ${deviceId} refused: ${message.reason}`)
    if (message.is === 'released') {
      shown.delete(deviceId)
      simulation.control(deviceId, undefined)
      return say(`control msg ${deviceId} setpoint released`)
    }
    const fenced = fences.refusal(deviceId, message.setpoint)
    if (fenced !== undefined) return warn(`control msg ${deviceId} refused: ${fenced}`)
    const { kw } = message.setpoint
    simulation.control(deviceId, message.setpoint)
    if (show || shown.get(deviceId) !== kw) say(`control msg ${deviceId} setpoint -> ${kw} kW`)
    shown.set(deviceId, kw)
  }

  const devices = devicesOf(field).map((device) => abilitiesOf(device, settings.commands))
  const obedience = new Obedience({
    ...{ devices, now, report: say, warn },
    faults: new CommandFaults(faults),
    isHeard: (deviceId) => simulation.isHeard(deviceId),
    begin: (deviceId, message) => simulation.command(deviceId, message),
    answer: (deviceId, ack) => fleet.publish(deviceId, answerMessage(deviceId, ack)),
  })

  const fleet = new Fleet({
    onCommand: (deviceId, payload, retained) => obedience.take(deviceId, payload, retained),
    devices: fleetDevicesOf(field, (deviceId) => obedience.capabilitiesOf(deviceId)),
    ...{ broker, seed, oneConnection: settings.oneConnection, now, onControl, report: say, warn },
    isHeard: (deviceId) => simulation.isHeard(deviceId),
    ...(time && { clock: () => clockMessage(time.now(), time.speed) }),
  })

  const running = { settings, simulation, faults, obedience }
  const remoteControl = new RemoteControl({
    ...{ broker, seed, report: say, warn },
    simulator: () => simulatorOf(running),
    carryOut: (order) => carryOut(order, running),
  })

  const onStep = (at: number) => {
    if (at - start >= settings.durationMs) return end()
    for (const deviceId of simulation.expired(at)) {
      shown.delete(deviceId)
      say(`setpoint of ${deviceId} expired, back to its safe default`)
    }
    const messages = simulation.step(at)
    // while nobody reports, what was held back is not sent either
    const sent = simulation.reporting ? faults.apply(messages, at) : messages.map(sound)
    for (const message of sent) fleet.publish(message.deviceId, message)
    // after what shows it
    obedience.step()
    if (show) for (const { kind, payload } of messages) if (kind === 'panel') show(panelLine(payload as PanelReading))
  }

  const stopSteps = time
    ? everyToldStep({ time, start, intervalMs, fleet, broker, say, warn }, onStep)
    : everyInterval(start, intervalMs, now, onStep)
  remoteControl.open()
  void fleet.connect()
  return { over: over.then(finish), stop }

  async function finish(): Promise<void> {
    stopSteps()
    if (!(await fleet.settle(SETTLE_MS))) warn(`${fleet.backlog} messages are not acknowledged`)
  }

  async function stop(): Promise<void> {
    stopSteps()
    for (const line of totals()) say(line)
    // whoever follows it would run on without a field
    if (time) fleet.publishAsGateway(clockMessage(time.now(), 0))
    await Promise.all([fleet.close(), remoteControl.close()])
  }

  function totals(): string[] {
    const { acknowledged, backlog } = fleet
    const done = Object.values(obedience.effects).reduce((sum, count) => sum + count, 0)
    const waiting = backlog === 0 ? '' : `, ${backlog} on their way`
    const injected = Object.entries(faults.counts).filter(([, count]) => count > 0)
    const held = faults.heldBack === 0 ? '' : `; ${faults.heldBack} late ones were still held back and are not sent`
    return [
      `${acknowledged} messages acknowledged by the broker${waiting}`,
      ...(done === 0 ? [] : [`${done} commands done`]),
      ...(injected.length === 0 && held === ''
        ? []
        : [`faults: ${injected.map(([name, count]) => `${name} ${count}`).join(', ') || 'none'}${held}`]),
    ]
  }
}

const answerMessage = (deviceId: string, ack: CommandAck): Outgoing => ({
  ...{ topic: topicOf('ack', deviceId), payload: JSON.stringify(ack), retain: false },
})
