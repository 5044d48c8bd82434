/** `npm run solar-week`: a week of a plant with faults, a reading a second, through the shipped flows. `--help` tells what it does. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { BadFlag } from '../../platform/runtime/flags.ts'
import { help, readOptions, type Options } from './options.ts'
import { faultsOf, judgementOf, report } from './report.ts'
import { runWeek } from './run-week.fixture.ts'

const began = performance.now()
const progress = (line: string): void => console.log(`${Math.round((performance.now() - began) / 1_000)} s: ${line}`)

process.exit(await main(process.argv.slice(2)))

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args)
    if (options) return await week(options)
    console.log(help)
    return 0
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error
    console.error(`solar-week: ${error.message}`)
    return 2
  }
}

async function week(options: Options): Promise<number> {
  const lines = options.log === undefined ? undefined : createWriteStream(options.log)
  const seen = await runWeek(options, progress, (line) => lines?.write(`${line}\n`))
  console.log(`\n${report(seen)}`)
  const faults = faultsOf(seen)
  for (const fault of faults) console.log(`FAULT: ${fault}`)
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ options, ...seen, judgement: judgementOf(seen), faults }))
  return faults.length > 0 ? 1 : 0
}
