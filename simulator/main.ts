import { brokerOf, reasonOf } from './broker.ts'
import { readFlags, type FieldFlags, type LoadFlags, type TownFlags } from './flags.ts'
import { runField } from './run-field.ts'
import { runLoad } from './run-load.ts'
import { loadScenario, scenarioList } from './scenario-files.ts'
import { fieldSettings } from './settings.ts'
import { writeRegistryFiles } from './town/registry-files.ts'
import { runTown } from './town/run-town.ts'
import { townSettings } from './town/town-settings.ts'
import { usage } from './usage.ts'
import { UsageError } from './usage-error.ts'

const warn = (line: string) => void process.stderr.write(`[sim] ${line}\n`)

try {
  const flags = readFlags(process.argv.slice(2), process.env)
  if (flags.run === 'help') process.stdout.write(usage)
  else if (flags.run === 'list') process.stdout.write(scenarioList())
  else if (flags.run === 'load') await load(flags)
  else if (flags.run === 'town') town(flags)
  else field(flags)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`simulator: ${error.message}\n`)
  process.exitCode = 2
}

function field(flags: FieldFlags): void {
  const scenario = flags.scenario === undefined ? undefined : loadScenario(flags.scenario)
  const broker = brokerOf(flags.url, process.env)
  const settings = fieldSettings(flags, scenario, Date.now())
  const say = (line: string) => void (flags.quiet || process.stdout.write(`[sim] ${line}\n`))
  if (scenario) say(`scenario ${flags.scenario}: ${scenario.description}`)
  if (scenario?.start !== undefined && settings.simulatedSpeed === undefined)
    say(`it is written for ${scenario.start}; time is the wall's without --speed or --start`)
  // a process that another one watches over keeps its output short; by hand, readings are what one wants to see
  const talkative = flags.verbose || (!flags.quiet && process.send === undefined)
  const show = (line: string) => void process.stdout.write(`${line}\n`)
  const { over, stop } = runField(settings, broker, { say, warn, ...(talkative && { show }) })
  const leave = leavingOnce(() => stop())
  void over.then(leave)
  onEnd(leave)
}

function town(flags: TownFlags): void {
  const settings = townSettings(flags, Date.now())
  if (flags.registry !== undefined) {
    for (const path of writeRegistryFiles(flags.registry, settings.plan)) process.stdout.write(`${path}\n`)
    return
  }
  const say = (line: string) => void (flags.quiet || process.stdout.write(`[town] ${line}\n`))
  const { over, stop } = runTown(settings, brokerOf(flags.url, process.env), { say, warn })
  const leave = leavingOnce(() => stop())
  void over.then(leave)
  onEnd(leave)
}

async function load(flags: LoadFlags): Promise<void> {
  const say = (line: string) => void (flags.quiet || process.stdout.write(`[load] ${line}\n`))
  try {
    const { over, stop } = await runLoad(flags, brokerOf(flags.url, process.env), say)
    onEnd(stop)
    await over
    process.exit(0)
  } catch (error) {
    if (error instanceof UsageError) throw error
    process.stderr.write(`simulator: ${reasonOf(error)}\n`)
    process.exit(1)
  }
}

/** Whoever runs us wants an end. */
function onEnd(stop: () => void): void {
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  // whoever reads the output has gone, e.g. `| head`
  process.stdout.on('error', stop)
}

function leavingOnce(stop: () => Promise<void>): () => void {
  let leaving = false
  return () => {
    if (leaving) return
    leaving = true
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        warn(`stopping: ${String(error)}`)
        process.exit(1)
      },
    )
  }
}
