import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from '../runtime/ports.ts'
import { findInfluxd, startInfluxd, type RunningInfluxd } from '../runtime/installed-influxd.ts'
import type { InfluxSettings } from './influxdb-connection.ts'

const influxd = findInfluxd()
export const hasInfluxd = influxd?.version === 1
export const withoutInfluxd = 'skipped: no influxd of version 1 is installed (apt-get install influxdb)'

const victoria = 'victoria-metrics'
export const hasVictoriaMetrics = spawnSync(victoria, ['-version']).error === undefined
export const withoutVictoriaMetrics = 'skipped: victoria-metrics is not installed (apt-get install victoria-metrics)'

export interface TestInfluxd {
  readonly settings: InfluxSettings
  readonly pid: number
  /** Rows of the only statement, by column; an absent measurement has none. Times are nanoseconds as text. */
  query(influxql: string): Promise<Record<string, unknown>[]>
  /** As when the machine loses power. */
  kill(): Promise<void>
  /** Again, on the same data and the same port. */
  start(): Promise<void>
  /** For good. */
  remove(): Promise<void>
}

/** A real InfluxDB 1 in a folder of its own. @param login `user:password`: it lets nobody else in */
export async function testInfluxd(login?: string): Promise<TestInfluxd> {
  if (!influxd || !hasInfluxd) throw new Error(withoutInfluxd)
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-influxd-'))
  let server: RunningInfluxd | undefined
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<void> => {
    server = await startInfluxd(influxd, { folder, ...(server && { port: server.port }), env })
  }
  const url = (): string => server!.settings.url
  async function query(influxql: string): Promise<Record<string, unknown>[]> {
    const parameters = new URLSearchParams({ db: server!.settings.bucket, q: influxql, epoch: 'ns' })
    const answer = await fetch(`${url()}/query?${parameters.toString()}`, {
      method: 'POST',
      ...(login !== undefined && { headers: { Authorization: `Basic ${btoa(login)}` } }),
    })
    // Nanoseconds are more than a number of JavaScript holds.
    const text = (await answer.text()).replaceAll(/(?<=\[)(\d{16,})(?=,)/g, '"$1"')
    const { results, error } = JSON.parse(text) as {
      error?: string
      results?: { error?: string; series?: { columns: string[]; tags?: object; values: unknown[][] }[] }[]
    }
    const fault = error ?? results?.[0]?.error
    if (fault !== undefined) throw new Error(fault)
    return (results?.[0]?.series ?? []).flatMap(({ columns, tags, values }) =>
      values.map((row) => ({ ...tags, ...Object.fromEntries(columns.map((column, index) => [column, row[index]])) })),
    )
  }
  await start()
  if (login !== undefined) {
    const [, user, password] = /^([^:]*):(.*)$/.exec(login)!
    await query(`create user "${user}" with password '${password}' with all privileges`)
    await server!.stop()
    await start({ INFLUXDB_HTTP_AUTH_ENABLED: 'true' })
  }
  return {
    get settings() {
      return { ...server!.settings, ...(login !== undefined && { token: login }) }
    },
    get pid() {
      return server!.pid
    },
    query,
    async kill() {
      process.kill(server!.pid, 'SIGKILL')
      await server!.ended
      await server!.stop()
    },
    start: () => start(),
    async remove() {
      await server!.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A VictoriaMetrics: it takes what is written in the way of InfluxDB 2. */
export async function testVictoriaMetrics() {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-victoria-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    victoria,
    [`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`, '-loggerLevel=ERROR', '-retentionPeriod=100y'],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  await waitUntil('VictoriaMetrics', () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return {
    settings: { url, version: 2, org: 'linhaviva', bucket: 'linhaviva', token: 'any' } as InfluxSettings,
    /** Every series of a measurement's field, with its labels and values. */
    async series(measurement: string, field: string) {
      await fetch(`${url}/internal/force_flush`)
      const match = new URLSearchParams({ 'match[]': `${measurement}_${field}` })
      const text = await (await fetch(`${url}/api/v1/export?${match.toString()}`)).text()
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { metric: Record<string, string>; values: number[]; timestamps: number[] })
    },
    async remove() {
      end()
      process.off('exit', end)
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
