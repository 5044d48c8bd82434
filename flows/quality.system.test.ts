import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import type { Browser } from 'playwright-core'
import { WebSocket } from 'ws'
import { installation } from '../platform/runtime/installation.ts'
import type { FlowNode } from '../platform/runtime/flow-arrangement.ts'
import { startSimulator, type SimulatorProcess } from '../platform/simulation/simulator-process.fixture.ts'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../platform/storage/time-series-servers.fixture.ts'
import { LiveClient } from '../platform/wire/live-client.ts'
import type { LiveVoltageUnit } from '../platform/wire/live.ts'
import { hasBrowser, openTab, shippedTab, startBrowser, withoutBrowser } from './editor.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { Visitor } from './users.fixture.ts'
import { windowsClosed } from './voltage-windows.fixture.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A folder to leave screenshots in, for people to look at. */
const pictures = process.env['SCREENSHOTS']

interface UnitRow {
  readonly unitId: string
  readonly feederId: string
  readonly validWindows: number
  readonly drpPct: number
  readonly drcPct: number
  readonly drpViolated: boolean
  readonly indicative: boolean
  readonly until: string
}

/** The shipped flows on embedded parts, over eight simulated days in which a feeder sags every evening. */
describe('voltage quality, from the simulated field to whoever asks', function () {
  this.timeout(300_000)
  endsWithItsFirstFailure()
  let system: RunningSystem
  let influx: TestInfluxd | undefined
  let simulator: SimulatorProcess
  let viewer: Visitor
  let live: LiveClient
  let browser: Browser | undefined

  before(async () => {
    if (hasInfluxd) influx = await testInfluxd()
    else say(withoutInfluxd)
    system = await startSystem({
      broker: 'embedded',
      env: {
        ...{ CLOCK: 'simulated', READING_RETENTION_DAYS: '400', VOLTAGE_WINDOW_RETENTION_DAYS: '400' },
        ...(influx && {
          ...{ INFLUX_URL: influx.settings.url, INFLUX_VERSION: String(influx.settings.version) },
          INFLUX_BUCKET: influx.settings.bucket,
        }),
      },
    })
    await importRegistry(system)
    // Whatever is told to Catch on the shipped tab is kept where the test can look at it.
    await system.nodeRed.deploy((flows) => [...flows, ...catching])
    await system.nodeRed.healthy()
    viewer = new Visitor(system.nodeRed.url, 'viewer')
    const token = await viewer.token()
    const address = `${system.nodeRed.url.replace('http', 'ws')}/api/live`
    live = new LiveClient({
      open: () => new WebSocket(address, { headers: { Authorization: `Bearer ${token}` } }),
    })
    live.subscribe('voltage', { maxHz: 10 })
    const field = new URL(system.brokerUrl)
    field.username = system.field.username
    field.password = system.field.password
    simulator = startSimulator(field.href, '--scenario', 'evening-sag', '--speed', '20000')
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(`${system?.lastLines()}\n${simulator?.output()}`)
    live?.close()
    await browser?.close()
    await simulator?.end('SIGTERM')
    await system?.stop()
    await influx?.remove()
  })

  async function get<T>(path: string): Promise<T> {
    const response = await viewer.fetch(`/api/quality/voltage/${path}`)
    assert.equal(response.status, 200, path)
    return (await response.json()) as T
  }
  const units = async () => (await get<{ items: UnitRow[] }>('units')).items

  it('shows every unit within a minute of the first windows, on the stream too', async () => {
    await waitUntil('all units in the API', async () => (await units()).length === 20, { withinMs: 120_000 })
    await waitUntil('all units on the stream', async () => live.state('voltage').size === 20, { withinMs: 30_000 })
  })

  it('says at the end of the week who violates: most of the feeder that sags', async () => {
    await waitUntil('the eight days', async () => (await newest(system)) >= lastReading, {
      ...{ withinMs: 200_000, everyMs: 500 },
      explain: async () =>
        `the newest reading is of ${await newest(system)}\n${simulator.output()}\n${system.lastLines()}`,
    })
    await windowsClosed(system.database, Date.parse(lastReading))
    const week = await units()
    assert.deepEqual(await system.database.query('select reason, count(*) from quarantine group by 1'), [])
    // The clock may have run on past the last reading.
    const asExpected = week.every(({ indicative, validWindows }) => indicative && validWindows > 900)
    assert.ok(asExpected, JSON.stringify(week))
    const { items } = await get<{ items: { start: string; meterId: string; valid: boolean }[] }>(
      'units/unit-001/windows?limit=5&from=2026-03-02T03:00:00Z&to=2026-03-03T03:00:00Z',
    )
    assert.deepEqual(
      items.map(({ meterId }) => meterId),
      Array(5).fill('meter-001'),
    )
    const violating = week.filter(({ feederId, drpViolated }) => feederId === 'feeder-02' && drpViolated)
    say(`${violating.length} of 10 units of feeder-02 above the limit of DRP`)
    assert.ok(violating.length >= 6, JSON.stringify(week))
    const feeders = await get<{ feederId: string; units: number; drpViolating: number }[]>('feeders')
    const sagging = feeders.find(({ feederId }) => feederId === 'feeder-02')
    assert.deepEqual([sagging?.units, sagging?.drpViolating], [10, violating.length])
  })

  it('the stream says the same as the API', async () => {
    const same = async (): Promise<boolean> => {
      const rows = await units()
      return rows.every(({ unitId, drpPct, drcPct, validWindows }) => {
        const shown = live.state('voltage').get(unitId) as LiveVoltageUnit | undefined
        return shown?.week.drpPct === drpPct && shown.week.drcPct === drcPct && shown.week.validWindows === validWindows
      })
    }
    await waitUntil('the stream', same, { withinMs: 30_000 })
    const shown = live.state('voltage').get('unit-011') as LiveVoltageUnit
    assert.deepEqual([shown.feederId, shown.measurement], ['feeder-02', null])
    assert.ok(shown.va_v! > 150 && shown.va_v! < 260)
  })

  it('InfluxDB has every window of every phase, and the last week of every unit', async function () {
    if (!influx) return this.skip()
    const { phases } = await system.database.row<{ phases: number }>(
      'select sum(num_nonnulls(va_v, vb_v, vc_v))::float8 as phases from voltage_window',
    )
    const count = async (): Promise<number> =>
      ((await influx!.query('select count(volts) from voltage_window'))[0]?.['count'] as number) ?? 0
    let written = 0
    await waitUntil('all windows', async () => (written = await count()) === phases, {
      ...{ withinMs: 60_000, explain: async () => `${written} of ${phases}` },
    })
    const others = async (): Promise<string[]> => {
      const rows = await units()
      const written = await influx!.query('select last(drp_pct) from voltage_indicator group by unit')
      if (written.length < rows.length) return [`${written.length} of ${rows.length} units`]
      return written
        .filter(
          ({ unit, last }) => !(Math.abs(rows.find(({ unitId }) => unitId === unit)!.drpPct - (last as number)) < 1e-6),
        )
        .map(({ unit, last }) => `${String(unit)}: ${String(last)}`)
    }
    await waitUntil('the indicators of each unit', async () => (await others()).length === 0, {
      ...{ withinMs: 60_000, explain: async () => (await others()).join(', ') },
    })
  })

  it('told nothing to Catch, and went down with nothing', async () => {
    assert.deepEqual(await caught(), [])
    assert.equal((await system.nodeRed.healthy()).status, 'ok')
  })

  for (const [locale, label, settle] of [
    ['en-US', 'voltage quality', 'Settle'],
    ['pt-BR', 'qualidade da tensão', 'Acomodação'],
  ] as const)
    it(`opens in the editor (${locale}), and what is saved there is what was shipped`, async function () {
      if (!hasBrowser) {
        say(withoutBrowser)
        return this.skip()
      }
      browser ??= await startBrowser()
      const editor = await openTab(browser, system, { tab: 'lv-quality', locale, label })
      const { page } = editor
      if (pictures) await page.screenshot({ path: join(pictures, `quality-${locale}.png`) })
      await editor.edit('lv-voltage-quality')
      await page.locator('label[for=node-input-settleSeconds]', { hasText: settle }).waitFor()
      if (pictures) await page.screenshot({ path: join(pictures, `quality-node-${locale}.png`) })
      await page.locator('#node-dialog-cancel').click()
      assert.deepEqual(await editor.saved(), shippedTab(system, 'quality.json', 'lv-quality'))
      assert.deepEqual(editor.faults, [])
      await editor.close()
    })

  async function caught(): Promise<string[]> {
    const { msg, format } = (await (await system.nodeRed.admin.fetch('/editor/context/global/caught')).json()) as {
      msg: string
      format: string
    }
    return format.startsWith('array') ? (JSON.parse(msg) as string[]) : []
  }
})

const catching: FlowNode[] = [
  {
    id: 'quality-catch',
    type: 'catch',
    z: 'lv-quality',
    scope: null,
    uncaught: false,
    x: 140,
    y: 480,
    wires: [['quality-keep']],
  },
  {
    ...{ id: 'quality-keep', type: 'function', z: 'lv-quality', name: '', outputs: 1, timeout: 0, noerr: 0, libs: [] },
    func: "global.set('caught', [...(global.get('caught') ?? []), msg.error.message])",
    ...{ initialize: '', finalize: '', x: 300, y: 480, wires: [[]] },
  },
]

const lastReading = '2026-03-10T03:00:00.000Z'

/** Instant of the newest reading of a meter. */
async function newest({ database }: RunningSystem): Promise<string> {
  const { last } = await database.row<{ last: Date | null }>('select max(at) as last from meter_reading')
  return last?.toISOString() ?? ''
}

/** The registry that the simulated field stands in. */
async function importRegistry({ database }: RunningSystem): Promise<void> {
  const { host, port, user, password, database: name } = database.running
  const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
  const folder = join(installation, 'docs', 'registry')
  const { code, err } = await runProgram('network/registry-cli.js', ['import', folder], login)
  assert.equal(code, 0, err)
}
