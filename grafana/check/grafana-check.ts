/** `npm run grafana:check`: the query of every panel against databases, and what each answers. `--help` tells how. */
import { longRun, type Progress } from '../../flows/long-run.ts'
import { hasInfluxd, withoutInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import { usualSize } from '../filled/fill-scenario.ts'
import { fillSystem, otherKinds, secondChoice, type DatabasesToRead } from '../filled/filled-system.fixture.ts'
import { checkAll, type Checked, type WholeLook } from './check-all.ts'
import { help, readOptions, type Options } from './options.ts'
import { brokenOf, faultsOf, neverAnswered, report, slowOf } from './report.ts'
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

async function checkGiven(options: Options, progress: Progress): Promise<string[]> {
  const look = { ...options, to: instantOf(options.to, Date.now()) }
  const checked = await looked(options.databases!, look, { verbose: options.verbose, progress })
  return checked.flatMap(({ title, ran }) => faultsOf(title, ran))
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
    const told = { verbose: options.verbose, progress }
    const first = await looked(system.filled, look, told)
    progress('once more, with others chosen')
    const second = await looked(system.filled, { ...look, chosen: { ...secondChoice, ...options.chosen } }, told)
    const kinds = []
    for (const device of look.dashboard === undefined || look.dashboard === 'device' ? otherKinds : [])
      kinds.push(...(await looked(system.filled, { ...look, dashboard: 'device', chosen: { device } }, told)))
    progress('once more, of an empty system')
    const empty = await looked(system.empty, look, told)
    return [
      ...[...first, ...second].flatMap(({ title, ran }) => faultsOf(title, ran)),
      ...kinds.flatMap(({ title, ran }) => [...brokenOf(title, ran), ...slowOf(title, ran)]),
      ...neverAnswered([...first, ...second, ...kinds]),
      ...empty.flatMap(({ title, ran }) => brokenOf(title, ran)),
    ]
  } finally {
    await system.stop()
  }
}

/** Runs what dashboards ask, and prints what each answered. */
async function looked(
  databases: DatabasesToRead,
  look: WholeLook,
  { verbose, progress }: { readonly verbose: boolean; readonly progress: Progress },
): Promise<Checked[]> {
  const sources = await connectSources(databases.postgresql, databases.influx)
  const checked: Checked[] = []
  try {
    for await (const one of checkAll(sources, look)) {
      progress(`${one.title}: ${one.chosen}`)
      console.log(`${report(one.title, one.ran)}\n`)
      if (verbose)
        for (const { panel, refId, text: sent, result } of one.ran)
          console.log(`-- ${panel} · ${refId}\n${sent}\n${JSON.stringify(result?.values.slice(0, 3) ?? result)}\n`)
      checked.push(one)
    }
  } finally {
    await sources.close()
  }
  return checked
}
