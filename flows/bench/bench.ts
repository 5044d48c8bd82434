/**
 * `npm run bench`: what this machine takes from the broker to the disk, the shipped flow beside the same work wired from
 * stock nodes. Starts everything it measures on free ports of the loopback, one after the other, prints a table, and ends
 * by itself. Asserts nothing: numbers of a busy machine are its own. Its exit code is 1 where something did not run, or a
 * reading of ours was lost.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { measureAlarmStorm } from './alarm-storm.fixture.ts'
import { measureAlarms } from './alarms.fixture.ts'
import { faultsOf } from './allocation/allocation-report.ts'
import { measureAllocation } from './allocation/measure-allocation.ts'
import { measureCommands } from './commands.fixture.ts'
import { measureConsole } from './console.fixture.ts'
import type { Figures } from './figures.ts'
import { measureLive } from './live.fixture.ts'
import { measureHighest, measureKill, measurePaced, measureSoak } from './measurements.fixture.ts'
import { help, type Options, readOptions } from './options.ts'
import { measureOutages } from './outages.fixture.ts'
import { report } from './report.ts'
import { measureSolar } from './solar.fixture.ts'
import { measureStorage } from './storage.fixture.ts'
import { measureTakeUp, measureWindows } from './voltage.fixture.ts'
import { killWays, linhaViva, ourWays, stockWays } from './ways.fixture.ts'

const deadlineMs = 30 * 60_000
const began = performance.now()
const progress = (line: string): void => console.log(`${Math.round((performance.now() - began) / 1_000)} s: ${line}`)

const options = optionsOrExit()
setTimeout(
  () => {
    console.error('the benchmark does not come to its end: given up')
    process.exit(1)
  },
  deadlineMs + (options.soakMinutes + options.consoleMinutes) * 60_000,
).unref()

const figures: Figures = {
  machine: {},
  highest: [],
  paced: [],
  kills: [],
  live: [],
  storage: [],
  voltage: [],
  outages: [],
  alarms: [],
  commands: [],
  faults: [],
}
await run(options)
console.log(`\n${report(figures)}`)
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
process.exit(figures.faults.length > 0 ? 1 : 0)

async function run(options: Options): Promise<void> {
  const { parts, seconds, within, soakMinutes, diskReadings, voltageUnits, openWindows, unitsOut, profile } = options
  const { openAlarms, monthOccurrences } = options
  const { machine } = figures
  machine['machine'] = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`
  machine['load before'] = loadavg()[0]!.toFixed(1)
  const env = profile === undefined ? {} : profiling(profile)
  const bench = { seconds, within, env, figures, progress }
  const ways = [...(parts.has('ingest') ? ourWays : []), ...(parts.has('stock') ? stockWays : [])]
  for (const way of ways) await attempt(way.name, () => measureHighest(way, bench))
  if (parts.has('ingest')) await attempt('given rates', () => measurePaced(linhaViva, [5_000, 15_000], bench))
  if (parts.has('kill'))
    for (const way of killWays) await attempt(`kill -9, ${way.name}`, () => measureKill(way, bench))
  if (parts.has('live')) await attempt('live stream', () => measureLive(bench))
  if (parts.has('storage'))
    await attempt('storage', async () => void figures.storage.push(...(await measureStorage(diskReadings, progress))))
  if (parts.has('voltage')) {
    const { voltage } = figures
    await attempt('voltage windows', async () => void voltage.push(...(await measureWindows(voltageUnits, progress))))
    await attempt('open windows', async () => void voltage.push(...(await measureTakeUp(openWindows, progress))))
  }
  if (parts.has('outages'))
    await attempt('outages', async () => void figures.outages.push(...(await measureOutages(unitsOut, progress))))
  if (parts.has('alarms')) {
    await attempt('alarm storm', async () => void figures.alarms.push(...(await measureAlarmStorm(progress))))
    const of = { alarms: openAlarms, occurrences: monthOccurrences }
    await attempt('alarm lists', async () => void figures.alarms.push(...(await measureAlarms(of, progress))))
  }
  if (parts.has('commands')) {
    const at = { perSecond: options.commandsPerSecond, seconds: options.commandSeconds }
    await attempt('commands', async () => void figures.commands.push(...(await measureCommands(at, progress))))
  }
  if (parts.has('allocation'))
    await attempt('allocation', async () => {
      figures.allocation = await measureAllocation(options.allocation, progress)
      figures.faults.push(...faultsOf(figures.allocation))
    })
  if (parts.has('solar')) await attempt('solar panels', () => measureSolar(bench))
  if (parts.has('console')) await attempt('console', () => measureConsole(options.consoleMinutes, bench))
  if (soakMinutes > 0) await attempt('memory', () => measureSoak(linhaViva, soakMinutes, bench))
  machine['load after'] = `${loadavg()[0]!.toFixed(1)}, took ${Math.round((performance.now() - began) / 1_000)} s`
}

/** One part that cannot be measured does not keep the others from it. */
async function attempt(name: string, measureIt: () => Promise<void>): Promise<void> {
  try {
    await measureIt()
  } catch (error) {
    progress(`${name}: ${String(error)}`)
    figures.faults.push(`${name} did not run: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function profiling(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(folder)}` }
}

function optionsOrExit(): Options {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options) return options
    console.log(help)
    process.exit(0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}
