import { cpuUsage } from 'node:process'
import { shownUrl, type Broker } from './broker.ts'
import type { LoadFlags } from './flags.ts'
import { startOffer, type Progress } from './load/offer.ts'
import { loadReadings } from './load/readings.ts'

export interface RunningLoad {
  /** Resolves when all is acknowledged. @throws Error if the broker acknowledges nothing any more */
  readonly over: Promise<void>
  /** Sends no more; `over` resolves when what was sent is acknowledged. */
  stop(): void
}

const REPORT_EVERY_MS = 2_000

/**
 * Offers a load, and says every other second how it fares.
 * @throws Error with the reason if the broker cannot be reached
 */
export async function runLoad(flags: LoadFlags, broker: Broker, say: (line: string) => void): Promise<RunningLoad> {
  const { rate, batch, devices, qos, connections, inFlight } = flags
  const start = Date.now()
  const readings = Math.min(flags.count ?? Infinity, flags.duration === undefined ? Infinity : flags.duration * rate)
  const offering = await startOffer({
    ...{ broker, qos, connections, inFlight, perSecond: rate / batch, count: Math.ceil(readings / batch) },
    clientId: `load-${process.pid}`,
    messageOf: loadReadings({ devices, batch, perSecond: rate, start }),
  })
  say(`${rate} readings/s of ${devices} devices to ${shownUrl(broker)}, message 0 at ${new Date(start).toISOString()}`)
  let last = offering.progress
  const reporting = setInterval(() => {
    const now = offering.progress
    say(progressLine(last, now, batch))
    last = now
  }, REPORT_EVERY_MS)

  async function over(): Promise<void> {
    try {
      const end = await offering.done
      const { user, system } = cpuUsage()
      const cores = (user + system) / 1e6 / process.uptime()
      const { acknowledged, seconds } = end
      say(
        `${acknowledged * batch} readings in ${acknowledged} messages ${qos === 1 ? 'acknowledged' : 'sent'} in ${seconds.toFixed(1)} s: ` +
          `${Math.round((acknowledged * batch) / seconds)} readings/s, ${cores.toFixed(2)} cores`,
      )
      if (qos === 1) say(`publish to PUBACK: p50 ${msAt(50)} ms, p99 ${msAt(99)} ms`)
    } finally {
      clearInterval(reporting)
    }
  }
  const msAt = (percentile: number) => (offering.latency.percentile(percentile) / 1e6).toFixed(2)

  return { over: over(), stop: () => offering.stop() }
}

function progressLine(last: Progress, now: Progress, batch: number): string {
  const perSecond = (of: 'sent' | 'acknowledged') =>
    Math.round(((now[of] - last[of]) * batch) / (now.seconds - last.seconds))
  return (
    `${Math.round(now.seconds)} s: ${perSecond('sent')} readings/s sent, ${perSecond('acknowledged')}/s acknowledged, ` +
    `${now.inFlight} messages in flight, ${Math.round(now.behindMs)} ms behind`
  )
}
