import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFlags, type TownFlags } from '../../simulator/flags.ts'
import { writeRegistryFiles } from '../../simulator/town/registry-files.ts'
import { runTown, type RunningTown } from '../../simulator/town/run-town.ts'
import { lines, type TownPlan } from '../../simulator/town/town-plan.ts'
import { townSettings, type TownSettings } from '../../simulator/town/town-settings.ts'
import { startSystem, type RunningSystem } from '../running-system.fixture.ts'
import { runProgram } from '../supervised.fixture.ts'
import { Visitor } from '../users.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { LimitPeriod, Sample } from './over-limit.ts'

/** A line of a feeder, as its limits and its course are kept: `town-01/total`, `town-01/A`. */
export type LineName = string

export interface TownStageOptions {
  /** Of the simulator, besides `--town`: size, speed, start, seed. */
  readonly town: readonly string[]
  /** Settings of Linha Viva, besides what is usual. */
  readonly env?: Readonly<Record<string, string>>
  /** Hears what the parts and the town say. */
  readonly onLine?: (line: string) => void
}

/** What cars and batteries did against what they were told, by the field's own truth: sums over all steps and all with a setpoint. */
export interface Tracked {
  /** Devices times steps. */
  readonly followed: number
  /** Above the setpoint, and below it, kW. */
  readonly overKw: number
  readonly underKw: number
}

/** Linha Viva with its shipped flows, and a town that is steered by it. */
export interface TownStage {
  readonly system: RunningSystem
  readonly settings: TownSettings
  readonly plan: TownPlan
  readonly running: RunningTown
  /** What flowed on each line of each feeder at every step. */
  readonly courses: ReadonlyMap<LineName, Sample[]>
  /** The limits of each line, as they came into force. */
  readonly limits: ReadonlyMap<LineName, LimitPeriod[]>
  readonly tracked: Tracked
  /** Setpoints that devices refused, with why. */
  readonly refused: readonly (readonly [deviceId: string, reason: string])[]
  /** Someone who may set limits and call events. */
  readonly engineer: Visitor
  /** The instant of the field, UTC ms. */
  now(): number
  /** Asks the API. @throws Error with its answer where that is no 2xx */
  ask<T>(path: string, body?: object): Promise<T>
  /** Sets a limit over the API, from now on, and notes it in the field's record. */
  setLimit(
    feederId: string,
    limit: { line?: 'total' | 'A' | 'B' | 'C'; limitKw: number; minutes: number },
  ): Promise<void>
  /** Calls for an event over the API, from now on, and notes it in the field's record. @returns its number */
  callEvent(feederId: string, event: { limitKw: number; minutes: number }): Promise<string>
  stop(): Promise<void>
}

/** Starts everything, registers the town, and lets its time begin. Only with a broker of its own: `kill -9` of Node-RED spares it. */
export async function startTownStage({ town: args, env = {}, onLine }: TownStageOptions): Promise<TownStage> {
  const system = await startSystem({
    broker: 'embedded',
    env: { CLOCK: 'simulated', CONTROL_INTERVAL_SECONDS: '60', REQUESTS_PER_MINUTE: '1000000', ...env },
    ...(onLine && { onLine }),
  })
  try {
    const flags = readFlags(['--town', ...args, '--url', system.brokerUrl], {}) as TownFlags
    const settings = townSettings(flags, Date.now())
    await register(system, settings.plan)
    return run(system, settings, onLine ?? (() => undefined))
  } catch (error) {
    await system.stop()
    throw error
  }
}

/** Imports the registry files of the town, as an engineer does. */
async function register(system: RunningSystem, plan: TownPlan): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-town-'))
  try {
    writeRegistryFiles(folder, plan)
    const { host, port, user, password, database } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
    const program = 'network/registry-cli.js'
    const { code, out, err } = await runProgram(program, ['import', folder], { ...login, DATA_DIR: system.dataDir })
    if (code !== 0) throw new Error(`the registry does not take the town: ${out}${err}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(system: RunningSystem, settings: TownSettings, say: (line: string) => void): TownStage {
  const { plan } = settings
  // What is told to PV is a cap, and no wish.
  const followers = [...plan.chargePoints, ...plan.batteries]
  const courses = new Map<LineName, Sample[]>()
  const limits = new Map<LineName, LimitPeriod[]>()
  for (const { id } of plan.feeders)
    for (const line of ['total', ...lines]) {
      courses.set(`${id}/${line}`, [])
      limits.set(`${id}/${line}`, [])
    }
  const refused: [string, string][] = []
  const tracked = { followed: 0, overKw: 0, underKw: 0 }
  const engineer = new Visitor(system.nodeRed.url, 'engineer')
  for (const { id, limitKw } of plan.feeders) limits.get(`${id}/total`)!.push({ from: settings.start, limitKw })

  const running = runTown(
    settings,
    { url: system.brokerUrl, ...system.field },
    {
      ...{ say, warn: say, onRefused: (deviceId, reason) => void refused.push([deviceId, reason]) },
      onStep(town, at) {
        for (const [id, { totalKw, byLineKw }] of town.heads) {
          courses.get(`${id}/total`)!.push({ at, kw: totalKw })
          lines.forEach((line, n) => courses.get(`${id}/${line}`)!.push({ at, kw: byLineKw[n]! }))
        }
        for (const { id } of followers) {
          const [toldKw, kw] = [town.setpointKw(id), town.powerKw(id)]
          if (toldKw === undefined) continue
          tracked.followed += 1
          if (kw > toldKw) tracked.overKw += kw - toldKw
          else tracked.underKw += toldKw - kw
        }
      },
    },
  )
  async function ask<T>(path: string, body?: object): Promise<T> {
    const init = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const response = await engineer.fetch(path, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${init ? 'POST' : 'GET'} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }
  /** Those who answer know the time of the field a little behind it: what flows until they have answered flows as before. */
  const note = (line: LineName, limitKw: number, minutes: number) => {
    const from = running.town.at
    limits.get(line)!.push({ from, to: from + minutes * 60_000, limitKw })
  }
  return {
    ...{ system, settings, plan, running, courses, limits, tracked, refused, engineer, ask },
    now: () => running.town.at,
    async setLimit(feederId, { line = 'total', limitKw, minutes }) {
      const reason = 'A day of the town'
      await ask(`/api/feeders/${feederId}/limits`, { line, value: limitKw, durationMinutes: minutes, reason })
      note(`${feederId}/${line}`, limitKw, minutes)
    },
    async callEvent(feederId, { limitKw, minutes }) {
      const { eventId } = await ask<{ eventId: string }>('/api/events', {
        feederId,
        limitKw,
        durationMinutes: minutes,
        type: 'peak',
      })
      note(`${feederId}/total`, limitKw, minutes)
      return eventId
    },
    async stop() {
      await running.stop()
      await system.stop()
    },
  }
}

/** Waits until the field has come to an instant, UTC ms. @param speed  of its time */
export const fieldComesTo = (stage: TownStage, at: number): Promise<boolean> =>
  waitUntil(`the field to come to ${new Date(at).toISOString()}`, async () => stage.now() >= at, {
    withinMs: 60_000 + (2_000 * (at - stage.now())) / 1_000 / (stage.settings.simulatedSpeed ?? 1),
    everyMs: 50,
  })
