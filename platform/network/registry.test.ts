import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { Client, type QueryResultRow } from 'pg'
import { PlatformClock } from '../clock/clock.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { Database } from '../storage/database.ts'
import { useDatabase } from '../storage/test-database.ts'
import type { Claim } from './registration.ts'
import type { FirstContact } from './first-contact.ts'
import { Registry } from './registry.ts'

const ev = (deviceId: string, more: Partial<Claim> = {}): Claim => ({
  ...{ deviceId, kind: 'der', derType: 'ev', siteId: 'house-1', feederId: 'f-1', parentFeederId: 'substation-1' },
  ...{ pMaxKw: 7.4, priority: 50, isPhysical: false },
  ...more,
})

describe('registry', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let registry: Registry
  const others: Registry[] = []

  const clock = new PlatformClock()
  const open = async (firstContact: FirstContact, database = test.database): Promise<Registry> => {
    const opened = new Registry(database, firstContact, (error) => assert.fail(String(error)), clock)
    others.push(opened)
    await opened.ready()
    return opened
  }
  afterEach(async () => {
    await Promise.all(others.splice(0).map((one) => one.close()))
    clock.set(undefined)
  })
  const devices = (deviceId: string) =>
    test.database.query(
      `select kind, der_type, status, site_id, feeder_id, rated_kw, priority, is_physical from device where device_id = $1`,
      [deviceId],
    )
  const known = async (deviceId: string, what: (found: ReturnType<Registry['find']>) => boolean) =>
    waitUntil(`the registry to know of ${deviceId}`, () => what(registry.find(deviceId)))

  describe('at first contact', () => {
    it('registers a device at once, with the place and rating it claims, where the setting says so', async () => {
      registry = await open('register')
      assert.equal(registry.needsContact(ev('ev-1')), true)
      await registry.contact([ev('ev-1')])
      assert.equal(registry.needsContact(ev('ev-1')), false)
      const { deviceKey, ...registration } = registry.find('ev-1')!
      assert.ok(deviceKey > 0)
      assert.deepEqual(registration, {
        ...{ deviceId: 'ev-1', kind: 'der', derType: 'ev', status: 'active', feederId: 'f-1', siteId: 'house-1' },
      })
      assert.deepEqual(await devices('ev-1'), [
        {
          ...{ kind: 'der', der_type: 'ev', status: 'active', site_id: 'house-1', feeder_id: 'f-1' },
          ...{ rated_kw: 7.4, priority: 50, is_physical: false },
        },
      ])
    })

    it('creates the feeder with its parent, and the site on it', async () => {
      assert.deepEqual(await test.database.query('select feeder_id, parent_feeder_id from feeder order by 1'), [
        { feeder_id: 'f-1', parent_feeder_id: 'substation-1' },
        { feeder_id: 'substation-1', parent_feeder_id: null },
      ])
      assert.deepEqual(await test.database.query('select site_id, feeder_id from site'), [
        { site_id: 'house-1', feeder_id: 'f-1' },
      ])
    })

    it('holds a device for approval, with nothing of its claim applied, where the setting says so', async () => {
      registry = await open('approve')
      await registry.contact([ev('ev-2', { feederId: 'f-2' })])
      assert.equal(registry.find('ev-2')!.status, 'pending')
      assert.equal(registry.find('ev-2')!.feederId, undefined)
      assert.deepEqual(await test.database.query("select from feeder where feeder_id = 'f-2'"), [])

      assert.deepEqual(await registry.approve(['ev-2']), ['ev-2'])
      await known('ev-2', (found) => found?.status === 'active' && found.feederId === 'f-2')
      assert.deepEqual(await registry.approve(['ev-2']), [])
    })

    it('keeps a rejected device rejected, whatever it sends', async () => {
      registry = await open('register')
      await registry.contact([ev('ev-3')])
      assert.deepEqual(await registry.reject(['ev-3']), ['ev-3'])
      await known('ev-3', (found) => found?.status === 'rejected')
      await registry.contact([ev('ev-3')])
      assert.equal(registry.find('ev-3')!.status, 'rejected')
    })

    it('registers nothing where the setting says quarantine', async () => {
      registry = await open('quarantine')
      assert.equal(await registry.contact([ev('ev-4')]), 'unknown_device')
      assert.equal(registry.find('ev-4'), undefined)
      assert.deepEqual(await devices('ev-4'), [])
    })

    it('gives a panel 400 W where nobody says otherwise', async () => {
      registry = await open('register')
      await registry.contact([{ deviceId: 'panel-1', kind: 'panel', location: 'roof' }])
      assert.deepEqual(await test.database.query("select rated_kw from device where device_id = 'panel-1'"), [
        { rated_kw: 0.4 },
      ])
      assert.equal(registry.find('panel-1')!.location, 'roof')
    })

    it('takes the same device in one message many times, and from two instances at once', async () => {
      const [one, two] = [await open('register'), await open('register')]
      const claims = Array.from({ length: 40 }, (_, n) => ev(`ev-many-${n % 10}`))
      await Promise.all([one.contact(claims), two.contact(claims.toReversed())])
      for (let n = 0; n < 10; n++)
        assert.equal(one.find(`ev-many-${n}`)!.deviceKey, two.find(`ev-many-${n}`)!.deviceKey)
    })

    it('learns the kind of a device later that was known only by its events', async () => {
      registry = await open('register')
      await registry.contact([{ deviceId: 'switch-1' }])
      assert.equal(registry.find('switch-1')!.kind, undefined)
      assert.equal(registry.needsContact({ deviceId: 'switch-1' }), false)
      assert.equal(registry.needsContact({ deviceId: 'switch-1', kind: 'switch' }), true)
      await registry.contact([{ deviceId: 'switch-1' }, { deviceId: 'switch-1', kind: 'switch' }])
      assert.equal(registry.find('switch-1')!.kind, 'switch')
      await registry.contact([{ deviceId: 'switch-1', kind: 'meter' }])
      assert.equal(registry.find('switch-1')!.kind, 'switch')
    })
  })

  describe('what a device claims later', () => {
    before(async () => {
      registry = await open('register')
      await registry.contact([ev('ev-5')])
    })

    it('changes nothing of its registration, nor of a feeder or a site', async () => {
      registry = await open('register')
      const before = await devices('ev-5')
      await registry.contact([
        ev('ev-5', {
          derType: 'pv',
          siteId: 'house-9',
          feederId: 'f-1',
          parentFeederId: 'f-9',
          pMaxKw: 99,
          isPhysical: true,
        }),
        ev('ev-6', { siteId: 'house-1', feederId: 'f-7', parentFeederId: 'substation-1' }),
      ])
      assert.deepEqual(await devices('ev-5'), before)
      assert.deepEqual(await test.database.query("select parent_feeder_id from feeder where feeder_id = 'f-1'"), [
        { parent_feeder_id: 'substation-1' },
      ])
      assert.deepEqual(await test.database.query("select feeder_id from site where site_id = 'house-1'"), [
        { feeder_id: 'f-1' },
      ])
    })

    it('changes nothing of what was entered before first contact', async () => {
      await test.database.query('insert into feeder (feeder_id) values ($1)', ['f-entered'])
      await test.database.query(
        `insert into device (device_id, kind, status, feeder_id, rated_kw, is_physical)
         values ('ev-7', null, 'active', 'f-entered', 3, true)`,
      )
      registry = await open('register')
      await registry.contact([ev('ev-7')])
      const [entered] = await devices('ev-7')
      assert.deepEqual(
        [entered!['kind'], entered!['feeder_id'], entered!['rated_kw'], entered!['is_physical']],
        ['der', 'f-entered', 3, true],
      )
    })
  })

  describe('kept up with the database', () => {
    let client: Client
    before(async () => {
      client = new Client(test.login)
      await client.connect()
      await client.query("insert into feeder (feeder_id) values ('f-a'), ('f-b') on conflict do nothing")
      await client.query(
        `insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('unit-a', 'f-a', 127), ('unit-b', 'f-b', 220)`,
      )
    })
    after(() => client.end())

    it('sees what somebody else enters', async () => {
      registry = await open('quarantine')
      await client.query("insert into device (device_id, kind, status) values ('meter-1', 'meter', 'active')")
      await known('meter-1', (found) => found?.status === 'active')
    })

    it('gives a meter the feeder and the nominal voltage of its unit', async () => {
      registry = await open('quarantine')
      await client.query(
        `insert into meter_assignment select 'unit-a', device_key, tstzrange(now() - interval '1 year', null)
         from device where device_id = 'meter-1'`,
      )
      await known('meter-1', (found) => found?.feederId === 'f-a' && found.nominalVoltageV === 127)
    })

    it('follows a meter that moves to another unit, when the time comes', async () => {
      registry = await open('quarantine')
      await client.query('begin')
      await client.query(
        `update meter_assignment set validity = tstzrange(lower(validity), now() + interval '2 seconds') where unit_id = 'unit-a'`,
      )
      await client.query(
        `insert into meter_assignment select 'unit-b', device_key, tstzrange(now() + interval '2 seconds', null)
         from device where device_id = 'meter-1'`,
      )
      await client.query('commit')
      assert.equal(registry.find('meter-1')!.feederId, 'f-a')
      await known('meter-1', (found) => found?.feederId === 'f-b' && found.nominalVoltageV === 220)
    })

    it('follows a simulated clock, forth and back, also where it stands still', async () => {
      registry = await open('register')
      const isAt = (feederId: string | undefined) => (found: ReturnType<Registry['find']>) =>
        found !== undefined && found.feederId === feederId
      await known('meter-1', isAt('f-b'))
      clock.set({ at: Date.now() - 30 * 86_400_000, rate: 0 })
      await known('meter-1', isAt('f-a'))
      clock.set({ at: Date.UTC(2008, 0, 1), rate: 0 })
      await known('meter-1', isAt(undefined))
      await registry.contact([ev('ev-2008')])
      assert.deepEqual(await test.database.query("select first_seen_at from device where device_id = 'ev-2008'"), [
        { first_seen_at: new Date(Date.UTC(2008, 0, 1)) },
      ])
    })

    it('refuses two units to one meter at the same time, and two meters to one unit', async () => {
      const assign = (unit: string) =>
        client.query(
          `insert into meter_assignment select $1, device_key, tstzrange(now(), null) from device where device_id = 'meter-1'`,
          [unit],
        )
      await assert.rejects(assign('unit-a'), /conflicting key value violates exclusion constraint/)
      await client.query("insert into device (device_id, kind, status) values ('meter-2', 'meter', 'active')")
      const second = client.query(
        `insert into meter_assignment select 'unit-b', device_key, tstzrange(now() + interval '1 day', null)
         from device where device_id = 'meter-2'`,
      )
      await assert.rejects(second, /conflicting key value violates exclusion constraint/)
    })

    it('never forgets a device met while the registry was being read', async () => {
      const slow = new SlowReading(test.login)
      registry = await open('register', slow)
      slow.hold()
      await client.query('notify registry_changed')
      await waitUntil('the reading', () => slow.held)
      await registry.contact([ev('ev-8')])
      slow.release()
      // Long enough for the answer to be taken in, too short for another reading.
      for (let turn = 0; turn < 10; turn++) {
        await new Promise((resolve) => setImmediate(resolve))
        assert.ok(registry.find('ev-8'))
      }
      await others.pop()!.close()
      await slow.close()
    })
  })

  it('ends its wait when it is closed before it could be read', async () => {
    const nowhere = new Database({ host: '127.0.0.1', port: 1 })
    const waiting = new Registry(nowhere, 'register', () => undefined)
    const ready = assert.rejects(waiting.ready(), { name: 'AbortError' })
    const impatient = new AbortController()
    const aborted = assert.rejects(waiting.ready(impatient.signal), { name: 'AbortError' })
    impatient.abort()
    await aborted
    await waiting.close()
    await ready
    await nowhere.close()
  })
})

/** A database whose answer to the reading of all devices can be held back: a large registry on a slow day. */
class SlowReading extends Database {
  held = false
  #gate: Promise<void> | undefined
  #open: () => void = () => undefined

  hold(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve))
  }

  release(): void {
    this.#gate = undefined
    this.#open()
  }

  override async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const rows = await super.query<Row>(text, values)
    if (!text.includes('"deviceKey"') || !this.#gate) return rows
    this.held = true
    await this.#gate
    return rows
  }
}
