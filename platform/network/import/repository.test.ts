import assert from 'node:assert/strict'
import { useDatabase } from '../../storage/test-database.ts'
import type { Assignment, Conjunto, Device, Feeder, Site, Unit } from './network.ts'
import {
  lockImports,
  readKnown,
  removeAssignments,
  writeAssignments,
  writeConjuntos,
  writeDevices,
  writeFeeders,
  writeServices,
  writeSites,
  writeUnits,
} from './repository.ts'

describe('the network in the database', () => {
  const store = useDatabase()

  const feeders: Feeder[] = [
    {
      feeder_id: 'f-2',
      parent_feeder_id: 'f-1',
      name: null,
      limit_kw: 250.5,
      head_meter_id: 'm-1',
      nominal_voltage_v: 127,
    },
    {
      feeder_id: 'f-1',
      parent_feeder_id: null,
      name: 'São José',
      limit_kw: null,
      head_meter_id: null,
      nominal_voltage_v: null,
    },
  ]
  const site: Site = {
    site_id: 's-1',
    feeder_id: 'f-2',
    name: '"Casa"; 1',
    latitude: -23.55,
    longitude: 0.1 + 0.2,
    inverter_limit_kw: 3.6,
    tariff_brl_kwh: 0.856,
    cleaning_cost_brl: 250,
  }
  const device: Device = {
    device_id: 'm-1',
    kind: 'meter',
    der_type: null,
    status: 'pending',
    site_id: 's-1',
    feeder_id: null,
    location: "o'clock $1",
    nominal_voltage_v: 127,
    rated_kw: null,
    priority: 3,
    is_physical: false,
    phases: 'AC',
    least_kw: 1.4,
    fallback_kw: -2.5,
    contracted_kw: 3,
    capacity_kwh: 38,
    ramp_kw_per_minute: 0.5,
    min_on_s: 300,
    min_off_s: 600,
    ...{ tilt_deg: 15, azimuth_deg: 350, gamma_per_c: -0.0034, noct_c: 44, rated_v: 34.5 },
    installed_at: '2025-03-31T03:00:00.120Z',
  }
  const unit: Unit = {
    unit_id: 'u-1',
    site_id: 's-1',
    feeder_id: 'f-2',
    tariff_class: 'B1',
    phases: 'AB',
    nominal_voltage_v: 13_800,
    contracted_voltage_v: 13_500,
    measured_between: 'phase_phase',
    conjunto_id: '12345',
    area: 'non_urban',
    municipality_code: 3_550_308,
  }
  const conjunto: Conjunto = { conjunto_id: '12345', name: 'Vila Mariana', time_zone: 'America/Manaus' }
  const period: Assignment = {
    unit_id: 'u-1',
    device_id: 'm-1',
    valid_from: Date.UTC(2025, 0, 1, 3, 0, 0, 123),
    valid_to: Infinity,
  }
  const named = {
    sites: new Set(['s-1', 's-9']),
    devices: new Set(['m-1', 'm-9']),
    units: new Set(['u-1']),
    ...{
      earthings: new Set<string>(),
      sources: new Set(['src']),
      switches: new Set(['sw']),
      transformers: new Set(['t-1']),
    },
  }

  it('comes back as it was written, a child before its parent, twice', async () => {
    const known = await store.database.transaction(async (client) => {
      await lockImports(client)
      for (let round = 1; round <= 2; round++) {
        await writeFeeders(client, feeders)
        await writeSites(client, [site])
        await writeConjuntos(client, [conjunto])
        await writeDevices(client, [device], round)
        await writeUnits(client, [unit])
      }
      await writeAssignments(client, [period])
      return readKnown(client, named)
    })
    assert.deepEqual([...known.feeders.values()], feeders)
    assert.deepEqual([...known.sites.values()], [site])
    assert.deepEqual([...known.devices.values()], [device])
    assert.deepEqual([...known.conjuntos.values()], [conjunto])
    assert.deepEqual([...known.units.values()], [unit])
    assert.deepEqual(known.assignments, [period])
    const [first] = await store.database.query('select first_seen_at from device')
    assert.deepEqual(first, { first_seen_at: new Date(1) })
  })

  it('lets an assignment be replaced', async () => {
    const ended = { ...period, valid_to: Date.UTC(2025, 5, 1) }
    const known = await store.database.transaction(async (client) => {
      await removeAssignments(client, [period])
      await writeAssignments(client, [ended])
      return readKnown(client, named)
    })
    assert.deepEqual(known.assignments, [ended])
  })

  it('changes when a row is written again', async () => {
    const known = await store.database.transaction(async (client) => {
      await writeFeeders(client, [
        { ...feeders[1]!, name: null, head_meter_id: 'm-1', nominal_voltage_v: 7_967 },
        { ...feeders[0]!, head_meter_id: null },
      ])
      await writeSites(client, [{ ...site, latitude: null, longitude: null }])
      await writeDevices(client, [{ ...device, status: 'active', kind: 'switch', rated_kw: 1.5 }], 9)
      await writeUnits(client, [{ ...unit, phases: 'ABC' }])
      return readKnown(client, named)
    })
    assert.equal(known.feeders.get('f-1')?.name, null)
    assert.equal(known.sites.get('s-1')?.latitude, null)
    assert.deepEqual(known.devices.get('m-1'), { ...device, status: 'active', kind: 'switch', rated_kw: 1.5 })
    assert.equal(known.units.get('u-1')?.phases, 'ABC')
  })

  it('knows which units are restored before others, until they no longer are', async () => {
    const services = await store.database.transaction(async (client) => {
      const rounds = []
      for (const service of ['safety', 'life_support', null] as const) {
        await writeServices(client, [{ unit_id: 'u-1', service }])
        rounds.push((await readKnown(client, named)).services.get('u-1')?.service)
      }
      return rounds
    })
    assert.deepEqual(services, ['safety', 'life_support', undefined])
  })
})
