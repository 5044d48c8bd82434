import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { callerAt, type Caller } from '../platform/http/api.fixture.ts'
import { installation } from '../platform/runtime/installation.ts'
import { startSimulator, type SimulatorProcess } from '../platform/simulation/simulator-process.fixture.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { startSystem, type RunningSystem } from './running-system.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { logIn } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A minute of the field is a second of ours. */
const speed = '60'
const patient = { withinMs: 150_000, everyMs: 500 }

/** A plant at 11:00 of a clear day; one of its panels dies after a quarter of an hour, and is well again after an hour. */
const scenario = {
  ...{ description: 'A panel dies', duration_minutes: 150, start: '11:00', interval_seconds: 1, weather: 'clear' },
  fleet: { panels: 0, meters: 0, evs: 0 },
  plants: [{ site: 'plant-01', panels: 8, per_string: 8, pyranometer: true }],
  events: [
    { kind: 'panel_fault', plant: 'plant-01', fault: 'zero_output', panels: [3], at_minute: 15, for_minutes: 60 },
  ],
}
const dead = 'plant-01-panel-003'

interface ShownAnomaly {
  readonly panel_id: string | null
  readonly kind: string
  readonly alert_type: string
  readonly timestamp: string
  readonly found_at: string
  readonly ended_at: string | null
  readonly recommendation: { readonly en: string; readonly pt: string }
}
interface Alert {
  readonly area: string
  readonly subject: string
  readonly text: { readonly en: string; readonly pt: string }
}

describe('a panel that dies in the field, in the shipped flows', function () {
  this.timeout(240_000)
  endsWithItsFirstFailure()
  let system: RunningSystem
  let simulator: SimulatorProcess
  let operator: Caller
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-solar-'))

  before(async () => {
    system = await startSystem({ broker: 'embedded', env: { CLOCK: 'simulated', REQUESTS_PER_MINUTE: '1000000' } })
    const { host, port, user, password, database } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
    const registry = join(installation, 'docs', 'registry-solar')
    const imported = await runProgram('network/registry-cli.js', ['import', registry], {
      ...login,
      DATA_DIR: system.dataDir,
    })
    assert.equal(imported.code, 0, `${imported.out}${imported.err}`)
    const token = await logIn(system.nodeRed.url, 'operator')
    operator = callerAt(system.nodeRed.url, async () => token)
    const file = join(folder, 'a-panel-dies.json')
    writeFileSync(file, JSON.stringify(scenario))
    const broker = new URL(system.brokerUrl)
    broker.username = system.field.username
    broker.password = encodeURIComponent(system.field.password)
    simulator = startSimulator(broker.href, '--scenario', file, '--speed', speed)
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(`${system?.lastLines()}\n${simulator?.output()}`)
    await simulator?.end('SIGTERM')
    await system?.stop()
    rmSync(folder, { recursive: true })
  })

  const anomalies = async (path: string): Promise<readonly ShownAnomaly[]> => {
    const { status, body, text } = await operator.get(path)
    assert.equal(status, 200, text)
    return (body as { items: ShownAnomaly[] }).items
  }
  const ofPanel = () => anomalies(`/api/panels/${dead}/anomalies`)
  const explain = async () => JSON.stringify(await anomalies('/api/anomalies'))

  it('is an anomaly of the API within minutes of the field, with what is to be done', async () => {
    const found = await waitUntil(
      'the anomaly',
      async () => (await ofPanel()).find(({ kind }) => kind === 'zero_output'),
      { ...patient, explain: async () => simulator.output() },
    )
    assert.deepEqual([found.panel_id, found.alert_type], [dead, 'performance_anomaly'])
    assert.ok(found.recommendation.en.length > 10 && found.recommendation.pt.length > 10)
    const minutes = (Date.parse(found.found_at) - Date.parse(found.timestamp)) / 60_000
    say(`found ${minutes} minutes after it began`)
    assert.ok(minutes <= 30, `${minutes} minutes`)
  })

  it('is an alarm that operators see', async () => {
    const alert = await waitUntil(
      'the alarm',
      async () => {
        const { body } = await operator.get('/api/alerts/recent?limit=200')
        return (body as { items: Alert[] }).items.find(({ area, subject }) => area === 'solar' && subject === dead)
      },
      { ...patient, explain },
    )
    assert.notEqual(alert.text.en, alert.text.pt)
  })

  it('is over when the panel gives again, and nothing is said of the others', async () => {
    await waitUntil('the end', async () => (await ofPanel()).every(({ ended_at }) => ended_at !== null), {
      ...patient,
      explain,
    })
    const others = (await anomalies('/api/anomalies')).filter(({ panel_id }) => panel_id !== dead)
    assert.deepEqual(others, [])
  })
})
