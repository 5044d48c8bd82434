/**
 * The load of the benchmark, a process of its own: publishes readings at QoS 1 at a given rate, with the load generator of
 * the simulator. On one machine with what is measured, the load must be neither the wall nor half of the work.
 */
import { startOffer } from '../../simulator/load/offer.ts'
import { benchMessage, type Shape } from './readings.fixture.ts'

export interface Load {
  readonly port: number
  readonly shape: Shape
  /** Messages a second. */
  readonly perSecond: number
  readonly count: number
  /** Devices that take turns; unset: as everywhere else. */
  readonly devices?: number
}

export interface LoadReport {
  /** Messages that the broker has acknowledged. */
  readonly published: number
  /** At the end: how long it took, and the processor time that publishing used, s. */
  readonly seconds?: number
  readonly cpuSeconds?: number
}

const connections = 4
const inFlightEach = 4_000

async function run({ port, shape, perSecond, count, devices }: Load): Promise<void> {
  const offering = await startOffer({
    broker: { url: `mqtt://127.0.0.1:${port}` },
    clientId: `bench-${process.pid}`,
    messageOf: (n) => benchMessage(shape, n, Date.now(), devices),
    ...{ count, perSecond, qos: 1, connections, inFlight: connections * inFlightEach },
  })
  const cpu = process.cpuUsage()
  const report = (last: Partial<LoadReport> = {}): void =>
    void process.send!({ published: offering.progress.acknowledged, ...last })
  const reporting = setInterval(report, 50)
  const { seconds } = await offering.done
  clearInterval(reporting)
  const { user, system } = process.cpuUsage(cpu)
  report({ seconds, cpuSeconds: (user + system) / 1e6 })
  process.exit()
}

if (process.send) {
  // Whoever started us is gone.
  process.once('disconnect', () => process.exit(1))
  process.once('message', (load) => void run(load as Load))
}
