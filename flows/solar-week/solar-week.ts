/** `npm run solar-week`: a week of a plant with faults, a reading a second, through the shipped flows. `--help` tells what it does. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { help, readOptions, type Options } from './options.ts'
import { longRun, type Progress } from '../long-run.ts'
import { faultsOf, judgementOf, report } from './report.ts'
import { runWeek } from './run-week.fixture.ts'

await longRun({ name: 'solar-week', help, readOptions, run: week })

async function week(options: Options, progress: Progress): Promise<number> {
  const lines = options.log === undefined ? undefined : createWriteStream(options.log)
  const seen = await runWeek(options, progress, (line) => lines?.write(`${line}\n`))
  console.log(`\n${report(seen)}`)
  const faults = faultsOf(seen)
  for (const fault of faults) console.log(`FAULT: ${fault}`)
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ options, ...seen, judgement: judgementOf(seen), faults }))
  return faults.length > 0 ? 1 : 0
}
