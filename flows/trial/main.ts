import module from 'node:module'
import { join, resolve } from 'node:path'
import { groupFilter } from '../../nodes/telemetry/domain/sparkplug/topic.ts'
import { brokerUrl, connectionOptions } from '../../platform/broker/broker.ts'
import { ImportError } from '../../platform/network/import/faults.ts'
import { withOwnLogin } from '../../platform/runtime/broker-passwords.ts'
import { EnvironmentError, readEnvironment } from '../../platform/runtime/environment.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { fieldTopicFilters } from '../../platform/wire/contract.ts'
import { BadFlag } from '../../platform/runtime/flags.ts'
import { endWithReader } from '../../platform/runtime/standard-output.ts'
import { readFlags, usage, type RecordFlags } from './flags.ts'
import { record, RecordingError } from './recording.ts'
import { asJson, describe, failuresOf, plural } from './report.ts'
import { TabError } from './tab.ts'
import { TrafficError } from './traffic.ts'
import { tryChange } from './trial.ts'

endWithReader()

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => interruption.abort())

process.exitCode = await run()
// What started us keeps a channel open.
process.disconnect?.()

async function run(): Promise<number> {
  try {
    const flags = readFlags(process.argv.slice(2))
    if (flags.task === 'help') {
      process.stdout.write(usage)
      return 0
    }
    if (flags.task === 'record') return await recordTraffic(flags)
    if (!('registerHooks' in module)) {
      tell(`a trial needs Node 22.15 or newer; this is ${process.versions.node}`)
      return 1
    }
    const environment = readEnvironment(process.env)
    const deployed = resolve(flags.deployed ?? environment.FLOWS_DIR ?? join(installation, 'flows'))
    const result = await tryChange(flags, { deployed, environment, tell, signal: interruption.signal })
    if (flags.json) process.stdout.write(asJson(result))
    else process.stdout.write(describe(result, flags.show))
    return failuresOf(result).length > 0 || (flags.expectSame && result.comparison?.same !== true) ? 1 : 0
  } catch (error) {
    if (error instanceof BadFlag || error instanceof EnvironmentError) {
      tell(error.message)
      return 2
    }
    if (![TabError, TrafficError, RecordingError, ImportError].some((known) => error instanceof known)) throw error
    tell((error as Error).message)
    return 1
  }
}

async function recordTraffic({ file, url, topics, durationMs }: RecordFlags): Promise<number> {
  const given = readEnvironment(process.env)
  const environment = url === undefined ? withOwnLogin(given) : given
  const address = url ?? brokerUrl(environment)
  tell(`recording ${address} to ${file} for ${durationMs / 1_000} s …`)
  const { messages, bytes, ended } = await record({
    url: address,
    connection: connectionOptions({ url: '', user: '', protocol: '3.1.1' }, undefined, environment),
    topics: topics ?? [...fieldTopicFilters, groupFilter('+')],
    file,
    durationMs,
    progress: (recorded) => tell(`  ${plural(recorded.messages, 'message')}, ${Math.ceil(recorded.bytes / 1024)} kB`),
    signal: interruption.signal,
  })
  const early = ended === undefined ? '' : `; ended early: ${ended}`
  process.stdout.write(`${file}: ${plural(messages, 'message')}, ${Math.ceil(bytes / 1024)} kB${early}\n`)
  if (messages === 0) tell('nothing was on these topics: is the field connected to this broker?')
  return messages > 0 && (ended === undefined || ended === 'interrupted') ? 0 : 1
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
