/** `npm run feeders-day`: a day of a town that Linha Viva steers, measured by the field's own truth. `--help` tells what it does. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { readFlags, type TownFlags } from '../../simulator/flags.ts'
import { townSettings } from '../../simulator/town/town-settings.ts'
import { freeDay } from './free-day.ts'
import { help, readOptions, townArgs, type Options } from './options.ts'
import { longRun, type Progress } from '../long-run.ts'
import { faultsOf, report } from './report.ts'
import { runDay } from './run-day.fixture.ts'

await longRun({ name: 'feeders-day', help, readOptions, run: day })

async function day(options: Options, progress: Progress): Promise<number> {
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
