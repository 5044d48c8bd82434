import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, describe, it } from 'mocha'
import { feederLoad, latestReadings } from '../nodes/telemetry/overview-repository.ts'
import { Database } from '../platform/storage/database.ts'
import { topicOf } from '../platform/wire/contract.ts'
import { foreignPublisher, hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

type SeriesKind = 'der' | 'panel' | 'meter' | 'switch'
const seriesKinds: readonly SeriesKind[] = ['der', 'panel', 'meter', 'switch']

/** A body as a foreign device writes it: with an offset, with fields of its own. */
function bodyOf(kind: SeriesKind | 'event' | 'status', id: string, at: number): object {
  const timestamp = new Date(at).toISOString().replace('Z', '+00:00')
  switch (kind) {
    case 'der':
      return {
        ...{ deviceId: id, type: 'battery', timestamp, p_actual_kw: 2.5, soc: 0.4, p_max_kw: 4 },
        ...{ site_id: `site-${id}`, feeder_id: 'feeder-9', parent_feeder_id: 'substation-1', vendor_note: 'ignored' },
      }
    case 'panel':
      return { panel_id: id, timestamp, ...panelValues, location: 'roof, north' }
    case 'meter':
      return {
        ...{ meter_id: id, timestamp, va_v: 127.1, vb_v: null, vc_v: null, ia_a: 10, p_kw: 1.2, q_kvar: 0.1 },
        ...{ frequency_hz: 60, interval_s: 60, aggregation: 'mean' },
      }
    case 'switch':
      return { switch_id: id, timestamp, position: 'closed', mode: 'remote', quality: 'good', currents: { ia_a: 40 } }
    case 'event':
      return { device_id: id, event_id: `event-${id}-${at}`, timestamp, type: 'power_lost', phases: 'A' }
    case 'status':
      return { device_id: id, status: 'online', timestamp, firmware: '1.2.3' }
  }
}
const panelValues = { temperature_celsius: 41.5, voltage_volts: 40, current_amperes: 5, power_output_watts: 190 }

for (const broker of ['embedded', 'mosquitto'] as const) {
  describe(`a foreign client (mosquitto_pub) through ${broker === 'embedded' ? 'the embedded broker' : 'mosquitto'}`, function () {
    this.timeout(60_000)
    let system: RunningSystem
    let database: Database

    before(async function () {
      if (!hasMosquitto) {
        say(withoutMosquitto)
        this.skip()
      }
      system = await startSystem({ broker })
      database = new Database(system.database.running)
      await database.ready()
      await describeField()
    })
    after(async function () {
      if (this.currentTest?.state === 'failed') say(system.lastLines())
      await database?.close()
      await system?.stop()
    })

    /** What the registry knows and no device says: the place of panels, meters and switches. */
    async function describeField(): Promise<void> {
      await system.database.query(`insert into feeder (feeder_id) values ('feeder-7')`)
      await system.database.query(
        `insert into site (site_id, feeder_id, latitude, longitude) values ('house-7', 'feeder-7', -23.5, -46.6)`,
      )
      await system.database.query(
        `insert into device (device_id, kind, status, site_id, first_seen_at)
         select kind || count, kind::reading_kind, 'active', 'house-7', '2020-01-01'
         from unnest(array['panel', 'meter', 'switch']) kind, unnest(array['-single', '-array', '-untimed']) count`,
      )
      await waitUntil('the registry', async () => (await system.nodeRed.health()).offlineDevices === 9)
    }

    function publish(topic: string, payload: object): Promise<void> {
      const { username, password } = system.field
      const login = ['-h', '127.0.0.1', '-p', String(system.brokerPort), '-u', username, '-P', password]
      const args = [...login, '-q', '1', '-t', topic, '-s']
      const child = spawn(foreignPublisher, args, { stdio: ['pipe', 'inherit', 'inherit'] })
      child.stdin.end(JSON.stringify(payload))
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (code) =>
          code === 0 ? resolve() : reject(new Error(`${foreignPublisher}: exit code ${code}`)),
        )
      })
    }

    const storedRows = (kind: SeriesKind, id: string): Promise<Record<string, unknown>[]> =>
      system.database.query(
        `select r.*, extract(epoch from at)::float8 * 1000 as instant
         from ${kind}_reading r join device using (device_key) where device_id = $1 order by at`,
        [id],
      )

    /** Publishes, and waits until it can be queried and is on the screen's list. @returns the rows */
    async function published(kind: SeriesKind, id: string, payload: object, rows: number): Promise<object[]> {
      await publish(topicOf(kind, id), payload)
      const began = performance.now()
      const since = (): string => `${Math.round(performance.now() - began)} ms`
      const found = await waitUntil(
        `${rows} rows of ${id}`,
        async () => {
          const stored = await storedRows(kind, id)
          return stored.length >= rows && stored
        },
        { withinMs: 20_000, everyMs: 10 },
      )
      const queryable = since()
      await waitUntil(
        `${id} among the latest readings`,
        async () => (await latestReadings(database, Date.now(), 50)).some(({ deviceId }) => deviceId === id),
        { withinMs: 20_000, everyMs: 10 },
      )
      say(`${id}: queryable after ${queryable}, on the screen's list after ${since()}`)
      assert.equal(found.length, rows)
      return found
    }

    for (const kind of seriesKinds) {
      it(`${kind}: a single reading`, async () => {
        const id = `${kind}-single`
        const at = Date.now()
        const [row] = await published(kind, id, bodyOf(kind, id, at), 1)
        assert.deepEqual(pick(row!, ['instant', 'quality']), { instant: at, quality: 'good' })
      })

      it(`${kind}: an array of readings`, async () => {
        const id = `${kind}-array`
        const at = Date.now()
        const instants = [at - 2_000, at - 1_000, at]
        const payload = instants.map((instant) => bodyOf(kind, id, instant))
        const rows = await published(kind, id, payload, 3)
        assert.deepEqual(
          rows.map((row) => (row as { instant: number }).instant),
          instants,
        )
      })
    }

    it('a panel reading without a timestamp is stored at the time of receipt, and says so', async () => {
      const before = Date.now()
      const [row] = await published('panel', 'panel-untimed', { panel_id: 'panel-untimed', ...panelValues }, 1)
      const { instant, quality } = row as { instant: number; quality: string }
      assert.equal(quality, 'server-time')
      assert.ok(instant >= before && instant <= Date.now())
    })

    it('an event and a presence, single and in an array', async () => {
      const at = Date.now()
      await publish(topicOf('event', 'meter-single'), bodyOf('event', 'meter-single', at))
      await publish(
        topicOf('event', 'meter-array'),
        [0, 1].map((n) => bodyOf('event', 'meter-array', at + n)),
      )
      await publish(topicOf('status', 'meter-single'), bodyOf('status', 'meter-single', at))
      await publish(topicOf('status', 'meter-array'), [bodyOf('status', 'meter-array', at)])
      const counts = (): Promise<{ events: number; online: number }> =>
        system.database.row(
          `select (select count(*) from field_event)::float8 as events,
             (select count(*) from device_presence where online and firmware = '1.2.3')::float8 as online`,
        )
      await waitUntil('events and presences', async () => {
        const { events, online } = await counts()
        return events >= 3 && online >= 2
      })
      assert.deepEqual(await counts(), { events: 3, online: 2 })
    })

    it('signs are those of the house: generation negative, charging positive', async () => {
      const [panel] = await storedRows('panel', 'panel-single')
      const [battery] = await storedRows('der', 'der-single')
      assert.deepEqual([panel?.['power_w'], battery?.['p_actual_kw']], [-190, 2.5])
    })

    it('readings are enriched with feeder and site, and the load of the feeders is on the screen', async () => {
      const [place] = await system.database.query(
        'select feeder_id, site_id, der_type, status from device where device_id = $1',
        ['der-single'],
      )
      const known = { feeder_id: 'feeder-9', site_id: 'site-der-single', der_type: 'battery', status: 'active' }
      assert.deepEqual(place, known)
      const load = await feederLoad(database, Date.now(), 60_000)
      const shown = load.map(({ feederId, byType }) => [
        feederId,
        Object.fromEntries(byType.map(({ type, kw }) => [type, Number(kw.toFixed(6))])),
      ])
      assert.deepEqual(Object.fromEntries(shown), {
        'feeder-7': { meter: 2.4, panel: -0.57 },
        'feeder-9': { battery: 5 },
      })
    })

    it('nothing of it went to quarantine', async () => {
      assert.deepEqual(await system.database.query('select reason, detail from quarantine'), [])
    })
  })
}

const pick = (row: object, names: string[]): object =>
  Object.fromEntries(names.map((name) => [name, (row as Record<string, unknown>)[name]]))
