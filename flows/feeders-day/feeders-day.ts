/** `npm run feeders-day`: a day of a town that Linha Viva steers, measured by the field's own truth. `--help` tells what it does. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { BadFlag } from '../../platform/runtime/flags.ts'
import { readFlags, type TownFlags } from '../../simulator/flags.ts'
import { townSettings } from '../../simulator/town/town-settings.ts'
import { UsageError } from '../../simulator/usage-error.ts'
import { freeDay } from './free-day.ts'
import { help, readOptions, townArgs, type Options } from './options.ts'
import { faultsOf, report } from './report.ts'
import { runDay } from './run-day.fixture.ts'

const began = performance.now()
const progress = (line: string): void => console.log(`${Math.round((performance.now() - began) / 1_000)} s: ${line}`)

process.exit(await main(process.argv.slice(2)))

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args)
    if (options) return await day(options)
    console.log(help)
    return 0
  } catch (error) {
    if (!(error instanceof BadFlag) && !(error instanceof UsageError)) throw error
    console.error(`feeders-day: ${error.message}`)
    return 2
  }
}

async function day(options: Options): Promise<number> {
  // A file of sessions that is at fault is found before anything starts.
  const settings = townSettings(readFlags(['--town', ...townArgs(options)], {}) as TownFlags, Date.now())
  const free = freeDay(settings, settings.start + options.hours * 3_600_000)
  progress('the day with nobody steering is through')
  const lines = options.log === undefined ? undefined : createWriteStream(options.log)
  const seen = await runDay(options, progress, (line) => lines?.write(`${line}\n`))
  const whole = { ...seen, freeCourses: free.courses, freeCharged: free.charged }
  console.log(`\n${report(whole)}`)
  const faults = faultsOf(whole)
  for (const fault of faults) console.log(`FAULT: ${fault}`)
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ options, ...whole, faults }, asPlain))
  return faults.length > 0 ? 1 : 0
}

function asPlain(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}
