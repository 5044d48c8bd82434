/** `npm run grafana:check`: the query of every panel against databases, and what each answers. `--help` tells how. */
import { longRun, type Progress } from '../../flows/long-run.ts'
import { hasInfluxd, withoutInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import { usualSize } from '../filled/fill-scenario.ts'
import { fillSystem, secondChoice, type DatabasesToRead } from '../filled/filled-system.fixture.ts'
import { checkAll, type WholeLook } from './check-all.ts'
import { help, readOptions, type Options } from './options.ts'
import { brokenOf, faultsOf, report } from './report.ts'
import { connectSources } from './sources.ts'
import { instantOf } from './time-range.ts'

await longRun({ name: 'grafana:check', help, readOptions, run: check })

async function check(options: Options, progress: Progress): Promise<number> {
  const faults = await (options.databases === undefined
    ? checkFilled(options, progress)
    : checkGiven(options, progress))
  for (const fault of faults) console.log(`FAULT: ${fault}`)
  console.log(faults.length === 0 ? 'all panels have data' : `${faults.length} faults`)
  return faults.length > 0 ? 1 : 0
}

function checkGiven(options: Options, progress: Progress): Promise<string[]> {
  const look = { ...options, to: instantOf(options.to, Date.now()) }
  return looked(options.databases!, look, options.verbose, progress, faultsOf)
}

/** As it is opened, with other things chosen, and a system that nothing has come to: that one may lack data, and nothing else. */
async function checkFilled(options: Options, progress: Progress): Promise<string[]> {
  if (!hasInfluxd) {
    console.log(`${withoutInfluxd}: no database is filled, no query is run`)
    return []
  }
  const { days, singleDays } = options
  const repetition = { days, singleDays: Math.min(singleDays, days) }
  const system = await fillSystem({ size: usualSize, speed: options.speed, repetition }, progress)
  try {
    const look = { ...options, to: system.to }
    const first = await looked(system.filled, look, options.verbose, progress, faultsOf)
    progress('once more, with others chosen')
    const others = { ...look, chosen: { ...secondChoice, ...options.chosen } }
    const second = await looked(system.filled, others, options.verbose, progress, faultsOf)
    progress('once more, of an empty system')
    return [...first, ...second, ...(await looked(system.empty, look, options.verbose, progress, brokenOf))]
  } finally {
    await system.stop()
  }
}

async function looked(
  databases: DatabasesToRead,
  look: WholeLook,
  verbose: boolean,
  progress: Progress,
  judge: typeof faultsOf,
): Promise<string[]> {
  const sources = await connectSources(databases.postgresql, databases.influx)
  const faults: string[] = []
  try {
    for await (const { title, chosen, ran } of checkAll(sources, look)) {
      progress(`${title}: ${chosen}`)
      console.log(`${report(title, ran)}\n`)
      if (verbose)
        for (const { panel, refId, text: sent, result } of ran)
          console.log(`-- ${panel} · ${refId}\n${sent}\n${JSON.stringify(result?.values.slice(0, 3) ?? result)}\n`)
      faults.push(...judge(title, ran))
    }
  } finally {
    await sources.close()
  }
  return faults
}
