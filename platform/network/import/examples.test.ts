import assert from 'node:assert/strict'
import { join } from 'node:path'
import { useDatabase } from '../../storage/test-database.ts'
import { phasesOf } from '../model/phases.ts'
import { sectionOutages } from '../model/section-outages.ts'
import { networkHistory, unitsOfSections } from '../network-repository.ts'
import { readImportFiles } from './files.ts'
import { importNetwork } from './import.ts'

/** What the simulator simulates unless told otherwise (`simulator/field.ts`), which platform/ may not import. */
const homes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `house-${String(from + i).padStart(2, '0')}`)
const sitesOf = {
  'feeder-01': [...homes(1, 9), 'bakery-01'],
  'feeder-02': ['office-01', 'mall-01', 'school-01', ...homes(10, 16)],
}
const sites = Object.values(sitesOf).flat()
const phasesOfMeter = [2, 2, 1, 1, 3, 1, 2, 1, 3, 3, 3, 3, 3, 1, 2, 1, 3, 2, 1, 1]
const at220 = [6, 9, 11, 12, 19]
const numbered = (kind: string, index: number) => `${kind}-${String(index + 1).padStart(3, '0')}`
const feederOf = (site: string) => (sitesOf['feeder-01'].includes(site) ? 'feeder-01' : 'feeder-02')
const voltageOf = (index: number) => (at220.includes(index + 1) ? 220 : 127)

describe('the example files', () => {
  const store = useDatabase()

  before(async () => {
    const files = await readImportFiles([join(import.meta.dirname, '../../../../docs/registry')])
    await importNetwork(store.database, files, { timeZone: 'America/Sao_Paulo' })
  })

  it('have the two feeders of one parent', async () => {
    assert.deepEqual(await store.database.query('select feeder_id, parent_feeder_id from feeder order by 1'), [
      { feeder_id: 'feeder-00', parent_feeder_id: null },
      { feeder_id: 'feeder-01', parent_feeder_id: 'feeder-00' },
      { feeder_id: 'feeder-02', parent_feeder_id: 'feeder-00' },
    ])
  })

  it('have every site, where the simulated sky is', async () => {
    const expected = sites.map((site_id) => ({
      site_id,
      feeder_id: feederOf(site_id),
      latitude: -23.55,
      longitude: -46.63,
    }))
    assert.deepEqual(
      await store.database.query('select site_id, feeder_id, latitude, longitude from site order by 1'),
      expected.toSorted((one, other) => (one.site_id < other.site_id ? -1 : 1)),
    )
  })

  it('have the simulated devices and no others', async () => {
    const der = (id: string, type: string, site: string, kw: number, priority: number) => [
      id,
      'der',
      type,
      site,
      feederOf(site),
      null,
      null,
      kw,
      priority,
    ]
    const expected = [
      der('bat-001', 'battery', 'house-01', 4, 20),
      der('ev-001', 'ev', 'house-02', 3.7, 40),
      der('ev-002', 'ev', 'house-05', 7.4, 50),
      der('ev-003', 'ev', 'office-01', 11, 60),
      der('ev-004', 'ev', 'mall-01', 22, 30),
      ...sites.map((site, i) => [
        numbered('meter', i),
        'meter',
        null,
        site,
        feederOf(site),
        null,
        voltageOf(i),
        null,
        null,
      ]),
      ...Array.from({ length: 10 }, (_, i) => {
        const [site, feeder] = ['school-01', 'feeder-02']
        return [numbered('panel', i), 'panel', null, site, feeder, 'school-01, roof', null, 0.4, null]
      }),
      der('pv-001', 'pv', 'house-01', 5, 10),
      ['sw-001', 'switch', null, null, 'feeder-01', null, null, null, null],
      ['sw-002', 'switch', null, null, 'feeder-02', null, null, null, null],
    ]
    const rows = await store.database.query<Record<string, unknown>>(
      `select device_id, kind, der_type, site_id, feeder_id, location, nominal_voltage_v, rated_kw, priority
       from device where status = 'active' and not is_physical order by 1`,
    )
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      expected,
    )
  })

  it('have a unit behind every meter', async () => {
    const rows = await store.database.query<Record<string, unknown>>(
      `select unit_id, device_id, u.site_id, u.feeder_id, u.phases, u.nominal_voltage_v
       from consumer_unit u join meter_assignment using (unit_id) join device using (device_key)
       where validity @> now() order by 1`,
    )
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      sites.map((site, i) => [
        ...[numbered('unit', i), numbered('meter', i), site, feederOf(site)],
        ...['ABC'.slice(0, phasesOfMeter[i]), voltageOf(i)],
      ]),
    )
  })

  describe('of the network', () => {
    /** Units that the example network takes out by these operations, of switches and how they stand. */
    const out = async (positions: Record<string, string>) => {
      const { network } = await networkHistory(store.database, 0, Infinity)
      const operations = Object.entries(positions).map(([switchId, closed]) => ({
        ...{ switchId, at: 1, closed: phasesOf(closed), source: 'event' as const, reference: switchId },
      }))
      const units = await unitsOfSections(store.database, sectionOutages(network, operations, 0, 2), 1)
      return units.map(({ unitId }) => unitId)
    }
    const units = (from: number, to: number) => homes(from, to).map((_, i) => numbered('unit', from + i - 1))

    it('supply every unit normally, each of one conjunto', async () => {
      assert.deepEqual(await out({}), [])
      assert.deepEqual(
        await store.database.query(
          `select conjunto_id, feeder_id, count(*)::int as units from consumer_unit
           join unit_connection using (unit_id) group by 1, 2 order by 1`,
        ),
        [
          { conjunto_id: '12345', feeder_id: 'feeder-01', units: 10 },
          { conjunto_id: '12346', feeder_id: 'feeder-02', units: 10 },
        ],
      )
    })

    it('take out the tail of feeder-01 behind its section switch, which the tie gives back', async () => {
      assert.deepEqual(await out({ 'sw-001': '' }), units(6, 9))
      assert.deepEqual(await out({ 'sw-001': '', 'sw-002': 'ABC' }), [])
    })

    it('take out a feeder at its source, but for the tail that the tie carries', async () => {
      assert.deepEqual(await out({ 'src-01': '' }), units(1, 10))
      assert.deepEqual(await out({ 'src-01': '', 'sw-001': '', 'sw-002': 'ABC' }), [...units(1, 5), ...units(10, 10)])
      assert.deepEqual(await out({ 'src-02': '' }), units(11, 20))
    })

    it('lose by a blown fuse what hangs on its phase', async () =>
      assert.deepEqual(await out({ 'fu-001': 'AC' }), ['unit-017', 'unit-018']))
  })
})
