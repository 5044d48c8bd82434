/**
 * `npm run bench`: what this machine takes, from the broker to the disk. Starts everything it measures on free ports of
 * the loopback, prints a table, and ends by itself in less than three minutes. Assumes nothing about the machine and
 * asserts nothing: numbers of a busy machine are its own.
 */
import { cpus, loadavg } from 'node:os'
import { Client } from 'pg'
import { startEmbeddedDatabase } from '../platform/runtime/embedded-database.ts'
import { Database } from '../platform/storage/database.ts'
import { migrate } from '../platform/storage/migrate.ts'
import { drainRate, isSustained, measurePace, parseOnlyRate, sustainedPace } from './bench-ingest.fixture.ts'
import { diskPerReading, hourlyAggregates } from './bench-storage.fixture.ts'
import { hasMosquitto } from './mosquitto.fixture.ts'
import { startSystem } from './running-system.fixture.ts'

const deadlineMs = 240_000
const steadyRate = 5_000
const rates = [8_000, 12_000, 16_000, 20_000, 25_000, 30_000, 40_000]
const diskReadings = 1_000_000
const drained = 100_000

setTimeout(() => {
  console.error(`the benchmark is not through after ${deadlineMs / 1_000} s: given up`)
  process.exit(1)
}, deadlineMs).unref()

const table: [string, string][] = []
const result = (name: string, value: string): void => void table.push([name, value])
const began = performance.now()
const progress = (line: string): void => console.log(`${Math.round((performance.now() - began) / 1_000)} s: ${line} …`)

result('machine', `${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]!.toFixed(1)} before`)
await benchIngest()
await benchStorage()
result('took', `${((performance.now() - began) / 1_000).toFixed(0)} s, load ${loadavg()[0]!.toFixed(1)} after`)

const width = Math.max(...table.map(([name]) => name.length))
console.log(`\n${table.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}`)

async function benchIngest(): Promise<void> {
  const broker = hasMosquitto ? 'mosquitto' : 'embedded'
  progress(`starting Node-RED, PostgreSQL and ${broker}`)
  const system = await startSystem({ broker })
  try {
    progress('warming up')
    await measurePace(system, 2_000, 3)
    progress(`${steadyRate} readings a second`)
    const steady = await measurePace(system, steadyRate, 15)
    const { p50, p99 } = steady.latency
    result(`latency at ${steadyRate}/s`, `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, publish to commit`)
    result(
      `processor at ${steadyRate}/s`,
      `Node-RED ${cores(steady.nodeRedCores)}, ${broker} ${cores(steady.brokerCores || undefined)}`,
    )
    progress('ever more readings a second')
    const paces = await sustainedPace(system, rates, 6)
    const sustained = paces.findLast((pace, index) => isSustained(pace, rates[index]!))
    result(
      `sustained, ${broker} to PostgreSQL`,
      sustained
        ? `${sustained.perSecond.toFixed(0)} readings/s (p99 ${sustained.latency.p99.toFixed(0)} ms, Node-RED ${cores(sustained.nodeRedCores)})`
        : `less than ${rates[0]} readings/s`,
    )
    progress(`${drained} at once, stored and parsed only`)
    const stored = await drainRate(system, drained)
    await system.nodeRed.stop()
    const parsed = await parseOnlyRate(system.brokerUrl, drained)
    result(`${drained} at once`, `${stored.toFixed(0)} stored/s; parsed only ${parsed.toFixed(0)}/s`)
    result('stored to parsed only', (stored / parsed).toFixed(2))
  } finally {
    await system.stop()
  }
}

async function benchStorage(): Promise<void> {
  // Of 125 readings are the commits at 5,000 readings a second.
  progress(`${diskReadings} readings through the batch writer`)
  const server = await startEmbeddedDatabase()
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    const database = new Database(server.running)
    await database.ready()
    const disk = await diskPerReading(database, { readings: diskReadings, devices: 1_000, batch: 125 })
    await database.close()
    const gigabytes = (bytes: number): string => `${((bytes * 1e6) / 1e9).toFixed(3)} GB`
    const parts = disk.parts.map(({ name, bytes }) => `${name} ${gigabytes(bytes / diskReadings)}`).join(', ')
    result('disk a million DER readings', `${gigabytes(disk.bytes)} (${parts})`)
    result('batch writer alone', `${disk.perSecond.toFixed(0)} readings/s in commits of 125`)

    progress('thirty days of one device, a reading a second')
    const owner = new Client(server.owner)
    await owner.connect()
    try {
      const hourly = await hourlyAggregates(owner)
      result('hourly aggregates, 30 days', `${hourly.rollupMs.toFixed(1)} ms for ${hourly.rows} hours (median)`)
      result('  out of the raw readings', `${hourly.rawMs.toFixed(0)} ms`)
    } finally {
      await owner.end()
    }
  } finally {
    await server.stop()
  }
}

function cores(share: number | undefined): string {
  return share === undefined ? 'unknown' : `${share.toFixed(2)} cores`
}
