import type { PanelReading } from '../platform/wire/payloads.ts'
import { brokerOf } from './broker.ts'
import type { Broker } from './connection.ts'
import { readControl } from './control.ts'
import { panelLine } from './devices/panel.ts'
import { fieldOf } from './field.ts'
import { BadFlag, readFlags, usage, type Flags } from './flags.ts'
import { Fleet } from './fleet.ts'
import { Simulation } from './simulation.ts'
import { everyInterval } from './ticks.ts'

const warn = (line: string) => process.stderr.write(`[sim] ${line}\n`)

try {
  const flags = readFlags(process.argv.slice(2), process.env)
  if (flags.help) process.stdout.write(usage)
  else run(flags, brokerOf(flags.url, process.env))
} catch (error) {
  if (!(error instanceof BadFlag)) throw error
  process.stderr.write(`simulator: ${error.message}\n`)
  process.exitCode = 2
}

function run(flags: Flags, broker: Broker): void {
  const intervalMs = Math.round(flags.interval * 1000)
  const field = fieldOf(flags)
  const start = Math.ceil(Date.now() / 1000) * 1000
  const simulation = new Simulation(field, flags.seed, start, intervalMs)
  // a process that another one watches over keeps its output short; by hand, readings are what one wants to see
  const talkative = flags.verbose || (!flags.quiet && process.send === undefined)
  const say = (line: string) => void (flags.quiet || process.stdout.write(`${line}\n`))
  const shown = new Map<string, number>()

  const onControl = (deviceId: string, payload: string) => {
    const message = readControl(payload)
    if (message.is === 'refused') return warn(`control msg ${deviceId} refused: ${message.reason}`)
    if (message.is === 'released') {
      shown.delete(deviceId)
      simulation.control(deviceId, undefined)
      return say(`[sim] control msg ${deviceId} setpoint released`)
    }
    const { kw } = message.setpoint
    simulation.control(deviceId, message.setpoint)
    if (talkative || shown.get(deviceId) !== kw) say(`[sim] control msg ${deviceId} setpoint -> ${kw} kW`)
    shown.set(deviceId, kw)
  }

  const fleet = new Fleet({
    broker,
    field,
    seed: flags.seed,
    oneConnection: flags.oneConnection,
    now: Date.now,
    onControl,
    report: (line) => say(`[sim] ${line}`),
    warn,
  })

  const stopTicks = everyInterval(start, intervalMs, Date.now, (at) => {
    for (const deviceId of simulation.expired(at)) {
      shown.delete(deviceId)
      say(`[sim] setpoint of ${deviceId} expired, back to its safe default`)
    }
    for (const { deviceId, kind, topic, payload, retain } of simulation.step(at)) {
      fleet.publish(deviceId, { topic, payload: JSON.stringify(payload), retain })
      if (kind === 'panel' && talkative) say(panelLine(payload as PanelReading))
    }
  })

  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    stopTicks()
    fleet.close().then(
      () => process.exit(0),
      (error: unknown) => {
        warn(`stopping: ${String(error)}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  // whoever reads the output has gone, e.g. `| head`
  process.stdout.on('error', stop)
  if (flags.duration !== undefined) setTimeout(stop, flags.duration * 1000)
  void fleet.connect()
}
