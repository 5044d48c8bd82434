import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { EnvironmentError, isProduction, readEnvironment } from './environment.ts'
import { jsonLog, type PartLog, terminalLog } from './part-log.ts'
import { StartError } from './start-error.ts'
import { startSupervisor, type Supervisor } from './supervisor.ts'

const stopping = new AbortController()
let supervisor: Supervisor | undefined
let leaving = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, stop)
}
// Whoever started us was killed.
process.on('disconnect', stop)

/** Ctrl-C reaches us from the terminal and from whoever started us: only the first counts. */
function stop(): void {
  if (leaving) return
  leaving = true
  process.stderr.write('\nstopping …\n')
  stopping.abort(new StartError('stopped while starting'))
  void supervisor?.stop().then(() => leave('stopped', 0))
}

try {
  const { values } = parseArgs({
    options: { simulator: { type: 'boolean' }, 'no-simulator': { type: 'boolean' } },
  })
  const environment = readEnvironment(process.env)
  const simulator = values['no-simulator'] ? false : values.simulator
  const terminal = terminalLog(environment.LOG_LEVEL, (text) => process.stdout.write(text))
  const log = isProduction(environment)
    ? both(
        terminalLog('warn', (text) => process.stdout.write(text)),
        lazily(() => jsonLog(resolve(environment.DATA_DIR, 'logs'), environment.LOG_LEVEL)),
      )
    : terminal
  supervisor = await startSupervisor({ environment, base: process.env, simulator, log }, stopping.signal)
  if (leaving) {
    await supervisor.stop()
    leave('stopped', 0)
  } else {
    process.stdout.write(announcement(supervisor))
  }
} catch (error) {
  if (leaving) leave('stopped', 0)
  else if (error instanceof EnvironmentError || error instanceof StartError) leave(error.message, 2)
  else if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    leave(error.message, 2)
  else leave((error as Error).message, 1)
}

function leave(line: string, code: number): never {
  process.stderr.write(code === 0 ? `${line}\n` : `Linha Viva does not start: ${line}\n`)
  process.exit(code)
}

function announcement({ overview, address, madeUsers }: Supervisor): string {
  const lines = overview.map(([name, value]) => `  ${name.padEnd(10)} ${value}`)
  return [
    '',
    'Linha Viva is running.',
    '',
    ...lines,
    '',
    ...(madeUsers ? introduction(madeUsers) : []),
    `Open ${address} in a browser. Ctrl-C stops everything.`,
    '',
    '',
  ].join('\n')
}

/** Shown once, on the screen, and in no log. */
function introduction({ path, entries }: NonNullable<Supervisor['madeUsers']>): string[] {
  return [
    'Users of this installation, made up just now and not shown again:',
    '',
    ...entries.map(({ username, password }) => `  ${username.padEnd(10)} ${password}`),
    '',
    `They stand in ${path}, which only you can read.`,
    'To change them, log in and open /password, or edit that file and start again.',
    '',
  ]
}

function both(...logs: readonly PartLog[]): PartLog {
  return { write: (part, level, line) => logs.forEach((log) => log.write(part, level, line)) }
}

/** The folder of the logs is made only when the data directory has proven to be ours. */
function lazily(make: () => PartLog): PartLog {
  let made: PartLog | undefined
  return { write: (part, level, line) => (made ??= make()).write(part, level, line) }
}
