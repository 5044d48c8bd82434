import assert from 'node:assert/strict'
import { file, tablesOf, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import { mergeNetwork } from './merge.ts'
import { type Device, nothingKnown as nothing } from './network.ts'
import { noPanelFacts } from './panel-facts.fixture.ts'
import { unsteered } from './steering.fixture.ts'

const device = (id: string, more: Partial<Device> = {}): Device => ({
  device_id: id,
  kind: 'der',
  der_type: 'pv',
  status: 'active',
  site_id: null,
  feeder_id: 'f-1',
  location: null,
  nominal_voltage_v: null,
  rated_kw: 5,
  priority: null,
  is_physical: true,
  ...unsteered,
  ...noPanelFacts,
  ...more,
})

function mergeDevices(known: readonly Device[], ...lines: readonly string[]) {
  const faults = new Faults()
  const devices = new Map(known.map((one) => [one.device_id, one]))
  const merged = mergeNetwork(tablesOf(file('devices.csv', ...lines)), { ...nothing, devices }, faults)
  return { ...merged, faults: told(faults) }
}

describe('an import', () => {
  it('replaces what cells say, removes what they leave empty, and leaves columns that are not there', () => {
    const { devices } = mergeDevices(
      [device('pv-1', { location: 'roof', priority: 10 })],
      'device_id,kind,rated_kw,location',
      'pv-1,der,7,',
    )
    assert.deepEqual(devices.toWrite, [device('pv-1', { location: null, priority: 10, rated_kw: 7 })])
  })

  it('tells what is new, changed and as it was', () => {
    const { devices } = mergeDevices(
      [device('pv-1'), device('pv-2')],
      'device_id,kind,der_type,rated_kw',
      'pv-1,der,pv,5',
      'pv-2,der,pv,6',
      'pv-3,der,pv,7',
    )
    assert.deepEqual([devices.added, devices.changed, devices.unchanged, devices.toWrite.length], [1, 1, 1, 2])
  })

  it('lets in what awaited approval, not what was rejected, unless it says so', () => {
    const known = [
      device('a', { status: 'pending' }),
      device('b', { status: 'rejected' }),
      device('c', { status: 'pending' }),
      device('d', { status: 'rejected' }),
    ]
    const merged = mergeDevices(known, 'device_id,kind,status', 'a,der,', 'b,der,', 'c,der,pending', 'd,der,active')
    const statuses = [...merged.devices.rows.values()].map(({ status }) => status)
    assert.deepEqual(statuses, ['active', 'rejected', 'pending', 'active'])
    assert.deepEqual(merged.activated, ['a'])
    assert.deepEqual(merged.stillRejected, ['b'])
  })

  it('rates a panel 400 W where nobody says otherwise', () => {
    const rated = (known: Device[], ...lines: string[]) =>
      [...mergeDevices(known, ...lines).devices.rows.values()].map(({ rated_kw }) => rated_kw)
    const panel = device('p-1', { kind: 'panel', der_type: null, rated_kw: 0.55 })
    assert.deepEqual(rated([], 'device_id,kind', 'p-1,panel', 'm-1,meter'), [0.4, null])
    assert.deepEqual(rated([], 'device_id,kind,rating_w', 'p-1,panel,550', 'p-2,panel,'), [0.55, 0.4])
    assert.deepEqual(rated([panel], 'device_id,kind', 'p-1,panel'), [0.55])
    assert.deepEqual(rated([panel], 'device_id,kind,rating_w', 'p-1,panel,'), [0.4])
    assert.deepEqual(rated([], 'device_id,kind,rated_kw,rating_w', 'p-1,panel,0.3,'), [0.3])
  })

  it('finds values that do not go together', () => {
    const { faults } = mergeDevices(
      [],
      'device_id,kind,der_type,rated_kw,rating_w',
      'a,der,,5,',
      'b,panel,pv,,',
      'c,meter,,,400',
      'd,panel,,0.4,400',
      'e,panel,,400,',
      'a,meter,,,',
    )
    assert.deepEqual(faults, [
      'devices.csv line 2: der_type is empty: a der needs its type (pv, battery, ev …)',
      'devices.csv line 3: der_type is for DERs: this is a panel',
      'devices.csv line 4: rating_w is for panels: this is a meter, rated by rated_kw',
      'devices.csv line 5: rating_w and rated_kw are both given: give one',
      'devices.csv line 6: rated_kw is above 1 kW, too much for a panel: is it in W? Then name the column rating_w',
      'devices.csv line 7: device_id is "a", which is on line 2 already',
    ])
  })

  it('takes half a place for none', () => {
    const faults = new Faults()
    mergeNetwork(tablesOf(file('sites.csv', 'site_id,latitude,longitude', 's-1,-23,', 's-2,-23,-46')), nothing, faults)
    mergeNetwork(tablesOf(file('sites.csv', 'site_id,latitude', 's-3,-23')), nothing, faults)
    assert.deepEqual(told(faults), [
      'sites.csv line 2: latitude and longitude are given together or not at all',
      'sites.csv line 2: latitude and longitude are given together or not at all',
    ])
  })

  it('gives a unit three phases where nobody says otherwise', () => {
    const units = file('units.csv', 'unit_id,nominal_voltage_v,phases', 'u-1,127,', 'u-2,220,ab')
    const merged = mergeNetwork(tablesOf(units), nothing, new Faults())
    assert.deepEqual(
      [...merged.units.rows.values()].map(({ phases }) => phases),
      ['ABC', 'AB'],
    )
  })

  it('gives a unit above 2.3 kV its contracted voltage, and between phases what is measured there', () => {
    const head = 'unit_id,nominal_voltage_v,contracted_voltage_v,measured_between,phases'
    const units = file('units.csv', head, 'u-1,13800,14490,phase_phase,ABC', 'u-2,220,,,A')
    const merged = mergeNetwork(tablesOf(units), nothing, new Faults())
    assert.deepEqual(
      [...merged.units.rows.values()].map((unit) => [unit.contracted_voltage_v, unit.measured_between]),
      [
        [14_490, 'phase_phase'],
        [null, 'phase_neutral'],
      ],
    )
    const known = { ...nothing, units: merged.units.rows }
    const again = mergeNetwork(
      tablesOf(file('units.csv', 'unit_id,nominal_voltage_v', 'u-1,13800')),
      known,
      new Faults(),
    )
    assert.equal(again.units.rows.get('u-1')?.contracted_voltage_v, 14_490)
  })

  it('refuses a voltage that cannot be contracted, and a measurement between phases of one', () => {
    const faults = new Faults()
    const head = 'unit_id,nominal_voltage_v,contracted_voltage_v,measured_between,phases'
    const lines = ['u-1,2300,2300,,', 'u-2,13800,14490.1,,', 'u-3,13800,13109.9,,', 'u-4,220,,phase_phase,B']
    mergeNetwork(tablesOf(file('units.csv', head, ...lines)), nothing, faults)
    assert.deepEqual(told(faults), [
      'units.csv line 2: contracted_voltage_v is "2300", of a unit of 2300 V: a voltage is contracted above 2300 V only',
      'units.csv line 3: contracted_voltage_v is "14490.1", not 95 % to 105 % of the nominal voltage: 13110 to 14490 V',
      'units.csv line 4: contracted_voltage_v is "13109.9", not 95 % to 105 % of the nominal voltage: 13110 to 14490 V',
      'units.csv line 5: measured_between is "phase_phase", of a unit that has phase B alone',
    ])
  })
})
