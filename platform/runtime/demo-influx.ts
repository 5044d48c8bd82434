/**
 * `npm run demo:influx`: the system as `npm start` runs it, with InfluxDB behind it and without Docker. Writes to
 * INFLUX_URL where that is set, else to the influxd that is installed on this machine, with its data in DATA_DIR.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InfluxSettings } from '../storage/influxdb-connection.ts'
import { settingsOf } from '../storage/influxdb.ts'
import { influxEnvironment, sampleQueries, withoutServer } from './demo-influx-texts.ts'
import { EnvironmentError, readEnvironment, type Environment } from './environment.ts'
import { findInfluxd, startInfluxd, type RunningInfluxd } from './installed-influxd.ts'
import { bracketed, reachable } from './part-environment.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  const environment = readEnvironment(process.env)
  const given = settingsOf({ url: '', version: 'environment', org: '', bucket: '' }, undefined, environment)
  const server = given ? undefined : await startInstalled(environment)
  try {
    await runSystem(environment, given ?? server!.settings)
  } finally {
    await server?.stop()
  }
} catch (error) {
  process.stderr.write(`demo: ${(error as Error).message}\n`)
  process.exitCode = error instanceof EnvironmentError ? 2 : 1
}

async function startInstalled(environment: Environment): Promise<RunningInfluxd> {
  const program = findInfluxd()
  if (!program) throw new Error(withoutServer)
  const folder = join(resolve(environment.DATA_DIR), `influxdb-${program.version}`)
  say(`starting ${program.path}, InfluxDB ${program.version}, with its data in ${folder} …`)
  return startInfluxd(program, { folder })
}

/** Runs the system to its end; its exit code is ours. */
async function runSystem(environment: Environment, settings: InfluxSettings): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.js'), ...process.argv.slice(2)], {
    env: { ...process.env, ...influxEnvironment(settings) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  // Whoever started us was killed.
  process.on('disconnect', () => child.kill('SIGTERM'))
  const running = new AbortController()
  void hintWhenWritten(environment, settings, running.signal)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
      resolve()
    })
  })
  running.abort()
  if (process.connected) process.disconnect()
}

/** Says where to look once the first points are in. */
async function hintWhenWritten(environment: Environment, settings: InfluxSettings, over: AbortSignal): Promise<void> {
  const metrics = `http://${bracketed(reachable(environment.BIND_ADDRESS))}:${environment.PORT}/metrics`
  while (!over.aborted) {
    const text = await fetch(metrics, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.text(),
      () => '',
    )
    const written = Number(
      /^linhaviva_consumer_points_written_total\{consumer="influxdb"\} (\d+)/m.exec(text)?.[1] ?? 0,
    )
    if (written > 0) return say(sampleQueries(settings, metrics))
    await sleep(1_000, undefined, { ref: false })
  }
}
