import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Place } from '../../../platform/conditions/root-causes.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { eventsAt } from './outage-root-repository.ts'
import { outageRoots } from './outage-roots.ts'
import { seedInterruptions } from './seeded-interruptions.fixture.ts'

/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
const now = Date.UTC(2026, 2, 10, 12)
const hourMs = 3_600_000
const at = (place: Partial<Place>): Place => ({ feederId: null, unitId: null, deviceId: null, ...place })

describe('outages as root causes', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query("insert into site (site_id) values ('farm'), ('home')")
    await database.query(
      `insert into consumer_unit (unit_id, nominal_voltage_v, site_id)
       select unit_id, 127, case unit_id when 'out' then 'farm' when 'fed' then 'home' end
       from unnest(array['out', 'fed', 'restored', 'void']) as u (unit_id)`,
    )
    await database.query(
      `insert into device (device_id, kind, status, site_id) values
         ('m-out', 'meter', 'active', null), ('m-before', 'meter', 'active', null), ('m-fed', 'meter', 'active', null),
         ('pv-farm', 'der', 'active', 'farm'), ('pv-home', 'der', 'active', 'home'), ('sw-a', 'switch', 'active', null),
         ('sw-b', 'switch', 'active', null)`,
    )
    await database.query(
      `insert into meter_assignment (unit_id, device_key, validity)
       select unit_id, device_key, validity::tstzrange from (values ('out', 'm-before', '(,2026-02-01Z)'),
         ('out', 'm-out', '[2026-02-01Z,)'), ('fed', 'm-fed', '(,)')) as a (unit_id, device_id, validity) join device using (device_id)`,
    )
    await database.query(
      `insert into network_switch (switch_id, section_a, section_b, normally_closed, load_break)
       values ('sw-a', 's-0', 's-1', true, true), ('sw-b', 's-1', 's-2', true, true)`,
    )
    const { interruptionIds } = await seedInterruptions(database, [
      {
        ...{ elementId: 'sw-a', eventId: 77 },
        units: [
          { unitId: 'out', from: now - hourMs, until: null },
          { unitId: 'restored', from: now - hourMs, until: now - 1 },
        ],
      },
      { eventId: 78, units: [{ unitId: 'void', from: now - hourMs, until: null }] },
    ])
    await database.query('update interruption set root = $2 where interruption_id = $1', [
      ...[interruptionIds[0], `sw-a@${now - hourMs}`],
    ])
    await database.query('update interruption set void = true where event_id = 78')
    await database.query(
      `insert into section_outage (section_id, started_at, ended_at, phases, element_id, taken_at, root_id, root_at)
       select section_id, t, null, 'ABC', 'sw-a', t, 'sw-a', t
       from unnest(array['s-1', 's-2']) as s (section_id), to_timestamp($1::float8 / 1000) as t`,
      [now - hourMs],
    )
  })

  const event = { eventId: 77, since: now - hourMs }
  const outage = { key: 'continuity/outage/77', since: now - hourMs }
  for (const [what, place, cause] of [
    ['a unit that is out', { unitId: 'out' }, outage],
    ['a unit with supply', { unitId: 'fed' }, null],
    ['a unit that has supply again', { unitId: 'restored' }, null],
    ['a unit that turned out to have had supply', { unitId: 'void' }, null],
    ['a unit that nobody knows', { unitId: 'nobody' }, null],
    ['the meter of a unit that is out', { deviceId: 'm-out' }, outage],
    ['a meter that was there before', { deviceId: 'm-before' }, null],
    ['the meter of a unit with supply', { deviceId: 'm-fed' }, null],
    ['a meter that is said to be of a unit', { deviceId: 'm-fed', unitId: 'out' }, outage],
    ['a DER on a site that is out', { deviceId: 'pv-farm' }, outage],
    ['a DER on a site with supply', { deviceId: 'pv-home' }, null],
    ['the switch that opened: one side has supply', { deviceId: 'sw-a' }, null],
    ['a switch behind it', { deviceId: 'sw-b' }, outage],
    ['a feeder', { feederId: 'f-1' }, null],
  ] as const)
    it(`explain ${cause ? '' : 'nothing of '}${what}`, async () =>
      assert.deepEqual(await outageRoots.at(test.database, [at(place)], now), [cause]))

  it('are found for all places at once, in their order', async () => {
    const places = [at({ unitId: 'fed' }), at({ deviceId: 'm-out' }), at({}), at({ unitId: 'out' })]
    assert.deepEqual(await outageRoots.at(test.database, places, now), [null, outage, null, outage])
    assert.deepEqual(await eventsAt(test.database, places, now), [null, event, null, event])
    assert.deepEqual(await eventsAt(test.database, [], now), [])
  })

  it('were none before they began', async () =>
    assert.deepEqual(await outageRoots.at(test.database, [at({ unitId: 'out' })], now - 2 * hourMs), [null]))
})
