import assert from 'node:assert/strict'
import { join } from 'node:path'
import { inspect, isDeepStrictEqual } from 'node:util'
import { after, before, describe, it } from 'mocha'
import type { Browser } from 'playwright-core'
import { WebSocket } from 'ws'
import { installation } from '../platform/runtime/installation.ts'
import type { FlowNode } from '../platform/runtime/flow-arrangement.ts'
import { LiveClient } from '../platform/wire/live-client.ts'
import type { LiveConjunto, LiveInterruption } from '../platform/wire/live.ts'
import { hasBrowser, openTab, shippedTab, startBrowser, withoutBrowser } from './editor.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { disordered, eventsOf, publish } from './storm.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { Visitor } from './users.fixture.ts'
import { tellTime } from './voltage-windows.fixture.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const minuteMs = 60_000
/** Two in the afternoon in São Paulo, in a month each. */
const storm = Date.parse('2026-03-14T17:00:00Z')
const calmlyTold = Date.parse('2026-04-14T17:00:00Z')
const shutdown = Date.parse('2026-04-22T11:00:00Z')

interface UnitMonth {
  readonly unitId: string
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  readonly violated: string[]
  readonly compensationBrl: number | null
  readonly lasts: boolean
}
interface ConjuntoMonth {
  readonly conjuntoId: string
  readonly dec: number
  readonly fec: number
  readonly decXN: number
}
interface Interruption {
  readonly interruptionId: number
  readonly elementKind: string
  readonly elementId: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly units: number
  readonly programmed: boolean
}
interface Page<T> {
  readonly items: readonly T[]
}

const unitsFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, place) => `unit-${String(first + place).padStart(3, '0')}`)

/** What the storm comes to: minutes of DIC, FIC and minutes of DMIC of each unit. The two minutes of unit-012 do not count. */
const stormTable = new Map<string, readonly [dicMinutes: number, fic: number, dmicMinutes: number]>([
  ...[...unitsFrom(1, 5), 'unit-010'].map((id) => [id, [150, 1, 150]] as const),
  ...unitsFrom(6, 9).map((id) => [id, [50, 2, 35]] as const),
  ...unitsFrom(11, 16).map((id) => [id, [35, 1, 35]] as const),
  ...unitsFrom(17, 20).map((id) => [id, [150, 1, 150]] as const),
])

/** The shipped flows, mosquitto and PostgreSQL, under a clock that stands where the test puts it. */
describe('continuity, from switches and meters to whoever asks', function () {
  this.timeout(180_000)
  endsWithItsFirstFailure()
  let system: RunningSystem
  let operator: Visitor
  let engineer: Visitor
  let live: LiveClient
  let browser: Browser | undefined

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      return this.skip()
    }
    system = await startSystem({
      broker: 'mosquitto',
      env: { CLOCK: 'simulated', READING_RETENTION_DAYS: '3650' },
    })
    await program('network/registry-cli.js', 'registry')
    await program('../nodes/continuity/registers/registers-cli.js', 'registers')
    await tellTime(system, storm)
    await system.nodeRed.deploy((flows) => [...flows, ...catching])
    await system.nodeRed.healthy()
    operator = new Visitor(system.nodeRed.url, 'operator')
    engineer = new Visitor(system.nodeRed.url, 'engineer')
    const token = await operator.token()
    const address = `${system.nodeRed.url.replace('http', 'ws')}/api/live`
    live = new LiveClient({ open: () => new WebSocket(address, { headers: { Authorization: `Bearer ${token}` } }) })
    live.subscribe('interruptions', { maxHz: 10 })
    live.subscribe('continuity', { maxHz: 10 })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(String(system?.lastLines()))
    live?.close()
    await browser?.close()
    await system?.stop()
  })

  /** Runs one that imports a folder of docs. */
  async function program(path: string, folder: string): Promise<void> {
    const { host, port, user, password, database: name } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
    const { code, err } = await runProgram(path, ['import', join(installation, 'docs', folder)], login)
    assert.equal(code, 0, err)
  }

  async function ask<T>(path: string, body?: object, by = operator): Promise<T> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const response = await by.fetch(path, body ? init : {})
    const answer = await response.text()
    assert.ok(response.ok, `${path}: ${response.status} ${answer}`)
    return JSON.parse(answer) as T
  }
  const quality = '/api/quality/continuity'
  const unitMonths = async (month: string) =>
    (await ask<Page<UnitMonth>>(`${quality}/units?month=${month}&limit=100`)).items
  const conjuntos = (month: string) => ask<ConjuntoMonth[]>(`${quality}/conjuntos?month=${month}`)
  const outages = async () => (await ask<Page<LiveInterruption & { rank: number }>>(`${quality}/outages`)).items

  /** The months of all units, as the table of the storm has them. */
  const asTable = (rows: readonly UnitMonth[]) =>
    new Map(rows.map((row) => [row.unitId, [Math.round(row.dicH * 60), row.fic, Math.round(row.dmicH * 60)] as const]))

  async function reaches<T>(what: string, read: () => Promise<T>, expected: T): Promise<void> {
    let last: T | undefined
    await waitUntil(what, async () => isDeepStrictEqual((last = await read()), expected), {
      ...{ withinMs: 60_000, everyMs: 200 },
      explain: async () => `${inspect(last)} in the stead of ${inspect(expected)}`,
    })
  }

  it('lists what lasts as the storm is at its worst, though a part of its events is still on the way', async () => {
    const now = storm + 100 * minuteMs
    await tellTime(system, now)
    const early = eventsOf('storm-day', storm).filter(({ at }) => at <= now)
    // The tie has told nothing yet: units at the end of feeder-01 are known by their meters.
    await publish(
      system,
      disordered(
        early.filter(({ message }) => message.deviceId !== 'sw-002'),
        1,
      ),
    )
    await reaches('20 units out', async () => (await outages()).reduce((sum, one) => sum + one.unitsOut, 0), 20)
    const listed = await outages()
    assert.deepEqual(
      listed.map(({ rank }) => rank),
      listed.map((_, place) => place + 1),
    )
    const first = await ask<Page<{ unitId: string }>>(`${quality}/outages/${listed[0]!.interruptionId}/units`)
    assert.ok(
      first.items.some(({ unitId }) => unitId === 'unit-016'),
      'life support comes first',
    )
    await reaches(
      'the same on the stream',
      async () =>
        [...live.state('interruptions').values()].reduce((sum, one) => sum + (one as LiveInterruption).unitsOut, 0),
      20,
    )
    await reaches(
      'units out by conjunto',
      async () => [...live.state('continuity').values()].map((conjunto) => (conjunto as LiveConjunto).unitsOut),
      [10, 10],
    )
  })

  it('loses nothing to kill -9 in the middle of the rest, which comes in any order, twice, and late', async () => {
    await tellTime(system, storm + 300 * minuteMs)
    const told = disordered(eventsOf('storm-day', storm), 2)
    const half = Math.floor(told.length / 2)
    await publish(system, told.slice(0, half))
    await system.nodeRed.kill()
    await publish(system, told.slice(half))
    await system.nodeRed.start()
    await system.nodeRed.healthy()
    await reaches('the months of all units', async () => asTable(await unitMonths('2026-03')), stormTable)
    await reaches('DEC and FEC', async () => (await conjuntos('2026-03')).map(({ dec, fec }) => [dec, fec]), [
      [1.83, 1.4],
      [1.35, 1],
    ])
    await reaches('nobody out', async () => (await outages()).length, 0)
  })

  it('says what it costs: 34 × VRC × 2.5 h / 730 h where DMIC is above its limit', async () => {
    const months = await unitMonths('2026-03')
    const above = months.filter(({ violated }) => violated.length > 0)
    assert.deepEqual(above.map(({ unitId }) => unitId).toSorted(), [...unitsFrom(1, 5), 'unit-010', 'unit-017'])
    const unit = months.find(({ unitId }) => unitId === 'unit-001')!
    assert.deepEqual([unit.violated, unit.compensationBrl], [['DMIC'], 5.58])
  })

  it('comes to the same where all is told once, in order and at once', async () => {
    for (const minute of [50, 100, 300]) {
      await tellTime(system, calmlyTold + minute * minuteMs)
      const from = calmlyTold + (minute === 50 ? 0 : minute === 100 ? 51 : 101) * minuteMs
      const until = calmlyTold + minute * minuteMs
      await publish(
        system,
        eventsOf('storm-day', calmlyTold).filter(({ at }) => at >= from && at <= until),
      )
    }
    await reaches('the months of all units', async () => asTable(await unitMonths('2026-04')), stormTable)
    const relative = async (from: number) => {
      const range = `from=${new Date(from).toISOString()}&to=${new Date(from + 300 * minuteMs).toISOString()}`
      const { items } = await ask<Page<Interruption>>(`${quality}/interruptions?limit=100&${range}`)
      const minutes = (instant: string | null) => instant && (Date.parse(instant) - from) / minuteMs
      return items
        .map(({ startedAt, endedAt, units, elementKind, elementId }) => ({
          ...{ lasted: `${minutes(startedAt)}–${minutes(endedAt)}`, units, of: `${elementKind} ${elementId}` },
        }))
        .toSorted((a, b) => (a.lasted + a.of < b.lasted + b.of ? -1 : 1))
    }
    const disorderly = await relative(storm)
    assert.deepEqual(
      disorderly.map(({ lasted, units }) => `${units} ${lasted}`),
      ['1 140–142', '6 30–180', '4 30–45', '4 70–220', '6 95–130', '4 95–130'],
    )
    assert.deepEqual(await relative(calmlyTold), disorderly)
  })

  it('an exclusion that one proposed and another approved takes the fuse out of DIC, and only then', async () => {
    const { items } = await ask<Page<Interruption>>(
      `${quality}/interruptions?unitId=unit-020&from=${new Date(calmlyTold).toISOString()}`,
    )
    const [fuse] = items
    assert.deepEqual([items.length, fuse?.units], [1, 4])
    const body = { interruptionId: fuse!.interruptionId, reason: 'external-origin' }
    const proposal = { kind: 'continuity/exclusion', evidence: 'the report of the transmitter', body }
    const proposed = await ask<{ approvalId: number; bodyHash: string; effect: { deltaBrl: number } }>(
      '/api/approvals',
      proposal,
    )
    assert.ok(proposed.effect.deltaBrl < 0, JSON.stringify(proposed.effect))
    const path = `/api/approvals/${proposed.approvalId}/approve`
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } }
    const own = await operator.fetch(path, { ...init, body: JSON.stringify({ bodyHash: proposed.bodyHash }) })
    assert.equal(own.status, 403)
    assert.deepEqual(asTable(await unitMonths('2026-04')), stormTable)
    await ask(path, { bodyHash: proposed.bodyHash }, engineer)
    const without = new Map([...stormTable].filter(([id]) => !unitsFrom(17, 20).includes(id)))
    const counted = async () => asTable((await unitMonths('2026-04')).filter(({ fic }) => fic > 0))
    await reaches('the months without it', counted, without)
    await reaches(
      'the parcel XN in its stead',
      async () => (await conjuntos('2026-04')).map((one) => [one.dec, one.decXN]),
      [
        [1.83, 0],
        [0.35, 1],
      ],
    )
    assert.deepEqual(asTable(await unitMonths('2026-03')), stormTable)
  })

  it('a shutdown that was announced counts in DIC and FIC, and not in DMIC', async () => {
    await tellTime(system, shutdown)
    await ask(`${quality}/planned`, {
      ...{ elementKind: 'transformer', elementId: 'tr-006', cause: 'preventive-maintenance' },
      ...{
        from: new Date(shutdown + 60 * minuteMs).toISOString(),
        until: new Date(shutdown + 180 * minuteMs).toISOString(),
      },
      warnedAt: new Date(shutdown - 7 * 1440 * minuteMs).toISOString(),
    })
    await tellTime(system, shutdown + 200 * minuteMs)
    await publish(system, eventsOf('planned-shutdown', shutdown))
    const concerned = async () =>
      asTable((await unitMonths('2026-04')).filter(({ unitId }) => unitsFrom(13, 16).includes(unitId)))
    const expected = new Map(unitsFrom(13, 16).map((id) => [id, [145, 2, 35] as const]))
    await reaches('the months of its units', concerned, expected)
    const { items } = await ask<Page<Interruption>>(`${quality}/interruptions?from=${new Date(shutdown).toISOString()}`)
    assert.deepEqual(
      items.map(({ elementId, programmed, units }) => [elementId, programmed, units]),
      [['tr-006', true, 4]],
    )
  })

  for (const [locale, label, silent] of [
    ['en-US', 'interruptions', 'Silent'],
    ['pt-BR', 'interrupções', 'Mudo'],
  ] as const)
    it(`opens in the editor (${locale}), and what is saved there is what was shipped`, async function () {
      if (!hasBrowser) {
        say(withoutBrowser)
        return this.skip()
      }
      browser ??= await startBrowser()
      const editor = await openTab(browser, system, { tab: 'lv-continuity', locale, label })
      await editor.edit('lv-interruptions')
      await editor.page.locator('label[for=node-input-silentMinutes]', { hasText: silent }).waitFor()
      await editor.page.locator('#node-dialog-cancel').click()
      assert.deepEqual(await editor.saved(), shippedTab(system, 'continuity.json', 'lv-continuity'))
      assert.deepEqual(editor.faults, [])
      await editor.close()
    })

  it('told nothing to Catch, and quarantined nothing', async () => {
    const response = await system.nodeRed.admin.fetch('/editor/context/global/caught')
    assert.equal(((await response.json()) as { format?: string }).format, 'undefined')
    assert.deepEqual(await system.database.query('select reason, count(*) from quarantine group by 1'), [])
    assert.equal((await system.nodeRed.healthy()).status, 'ok')
  })
})

const catching: FlowNode[] = [
  {
    ...{ id: 'continuity-catch', type: 'catch', z: 'lv-continuity', scope: null, uncaught: false },
    ...{ x: 140, y: 620, wires: [['continuity-keep']] },
  },
  {
    ...{ id: 'continuity-keep', type: 'function', z: 'lv-continuity', name: '', outputs: 1 },
    ...{ timeout: 0, noerr: 0, libs: [], initialize: '', finalize: '', x: 300, y: 620, wires: [[]] },
    func: "global.set('caught', [...(global.get('caught') ?? []), msg.error.message])",
  },
]
