import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ImportFile } from './csv-text.ts'
import { dayStart, file, tablesOf, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import { mergeNetwork } from './merge.ts'
import { type Device, type Feeder, type Known, nothingKnown as nothing } from './network.ts'
import { checkReferences, namedIn } from './references.ts'
import { noPanelFacts } from './panel-facts.fixture.ts'
import { unsteered } from './steering.fixture.ts'
import { readTables } from './tables.ts'

function faultsOf(known: Known, ...files: readonly ImportFile[]): string[] {
  const faults = new Faults()
  const tables = readTables(files, dayStart, faults)
  checkReferences(tables, mergeNetwork(tables, known, faults), known, faults)
  return told(faults)
}

const feeders = (...links: readonly [string, string | null][]): Map<string, Feeder> =>
  new Map(
    links.map(([feeder_id, parent_feeder_id]) => [
      feeder_id,
      { feeder_id, parent_feeder_id, name: null, limit_kw: null, head_meter_id: null, nominal_voltage_v: null },
    ]),
  )

describe('what a file names', () => {
  it('is in the files or in the registry', () => {
    const faults = faultsOf(
      { ...nothing, feeders: feeders(['f-known', null]) },
      file('feeders.csv', 'feeder_id,parent_feeder_id', 'f-2,f-1', 'f-1,f-known', 'f-3,f-9'),
      file('sites.csv', 'site_id,feeder_id', 's-1,f-1', 's-2,f-8'),
      file('devices.csv', 'device_id,kind,site_id,feeder_id', 'm-1,meter,s-1,', 'm-2,meter,s-9,f-7'),
      file('units.csv', 'unit_id,site_id,feeder_id,nominal_voltage_v', 'u-1,s-8,f-6,127'),
      file('meters.csv', 'unit_id,device_id,valid_from', 'u-1,m-1,2025-01-01', 'u-9,m-9,2025-01-01'),
    )
    assert.deepEqual(faults, [
      'feeders.csv line 4: parent_feeder_id is "f-9", a feeder that nobody knows',
      'sites.csv line 3: feeder_id is "f-8", a feeder that nobody knows',
      'devices.csv line 3: site_id is "s-9", a site that nobody knows',
      'devices.csv line 3: feeder_id is "f-7", a feeder that nobody knows',
      'units.csv line 2: site_id is "s-8", a site that nobody knows',
      'units.csv line 2: feeder_id is "f-6", a feeder that nobody knows',
      'meters.csv line 3: unit_id is "u-9", a unit that nobody knows',
      'meters.csv line 3: device_id is "m-9", a device that nobody knows',
    ])
  })

  it('is not missed where a line has another fault, or its file could not be read whole', () => {
    const devices = file('devices.csv', 'device_id,kind,site_id', 'm-1,meter,s-1')
    assert.deepEqual(faultsOf(nothing, file('sites.csv', 'site_id,latitude', 's-1,north'), devices).length, 1)
    assert.deepEqual(faultsOf(nothing, file('sites.csv', 'site_id', '"s-1'), devices).length, 1)
  })

  it('is what gets looked up', () => {
    const named = namedIn(
      tablesOf(
        file('sites.csv', 'site_id', 's-1'),
        file('devices.csv', 'device_id,kind,site_id', 'm-1,meter,s-2'),
        file('units.csv', 'unit_id,site_id,nominal_voltage_v', 'u-1,,127'),
        file('meters.csv', 'unit_id,device_id,valid_from', 'u-2,m-2,2025-01-01'),
      ),
    )
    const ids = [named.sites, named.devices, named.units].map((set) => [...set])
    assert.deepEqual(ids, [
      ['s-1', 's-2'],
      ['m-1', 'm-2'],
      ['u-1', 'u-2'],
    ])
  })
})

describe('feeders in a circle', () => {
  const circle = (known: Known, ...lines: string[]) =>
    faultsOf(known, file('feeders.csv', 'feeder_id,parent_feeder_id', ...lines))

  it('are named, once', () => {
    assert.deepEqual(circle(nothing, 'x,c', 'a,b', 'b,c', 'c,a', 'y,x'), [
      'feeders.csv line 3: parent_feeder_id is "b", and the feeders hang in a circle: a → b → c → a',
    ])
  })

  it('are found where one is its own parent', () =>
    assert.match(circle(nothing, 'a,a').join(), /line 2: parent_feeder_id is "a", .* a → a$/))

  it('are found where part of the circle is in the registry only', () =>
    assert.match(
      circle({ ...nothing, feeders: feeders(['b', 'c'], ['c', 'a'], ['a', null]) }, 'a,b').join(),
      /a → b → c → a$/,
    ))

  it('are each told', () => assert.equal(circle(nothing, 'a,b', 'b,a', 'c,d', 'd,c').length, 2))

  it('are shown shortened where they are many', () => {
    const ring = Array.from({ length: 5_000 }, (_, i) => `f-${i},f-${(i + 1) % 5_000}`)
    const [fault] = circle(nothing, ...ring)
    assert.ok(fault!.length < 300 && fault!.includes('… 4990 more …'), fault)
  })

  it('are none where the file puts the registry right', () => {
    assert.deepEqual(circle({ ...nothing, feeders: feeders(['b', 'a'], ['a', null]) }, 'a,b', 'b,'), [])
  })

  it('are found exactly where following parents never ends (property)', () => {
    const links = fc
      .integer({ min: 1, max: 8 })
      .chain((count) => fc.array(fc.option(fc.nat({ max: count - 1 })), { minLength: count, maxLength: count }))
    fc.assert(
      fc.property(links, (parents) => {
        const endless = parents.some((_, start) => {
          let at: number | null | undefined = start
          for (let step = 0; step <= parents.length && at != null; step++) at = parents[at]
          return at != null
        })
        const faults = circle(
          nothing,
          ...parents.map((parent, id) => `f-${id},${parent === null ? '' : `f-${parent}`}`),
        )
        assert.equal(faults.length > 0, endless)
      }),
    )
  })
})

describe('a meter of a unit', () => {
  const device = (id: string, kind: Device['kind']): [string, Device] => [
    id,
    {
      ...{ device_id: id, kind, der_type: null, status: 'active', site_id: null, feeder_id: null, location: null },
      ...{ nominal_voltage_v: null, rated_kw: null, priority: null, is_physical: true, ...unsteered, ...noPanelFacts },
    },
  ]
  const known: Known = {
    ...nothing,
    devices: new Map([device('p-1', 'panel'), device('x-1', null), device('m-1', 'meter')]),
    units: new Map([
      [
        'u-1',
        {
          unit_id: 'u-1',
          site_id: null,
          feeder_id: null,
          tariff_class: null,
          phases: 'A',
          nominal_voltage_v: 127,
          contracted_voltage_v: null,
          measured_between: 'phase_neutral',
          ...{ conjunto_id: null, area: null, municipality_code: null },
        },
      ],
    ]),
    assignments: [{ unit_id: 'u-1', device_id: 'm-1', valid_from: 0, valid_to: Infinity }],
  }

  it('is a meter', () => {
    const meters = ['p-1', 'x-1', 'm-1', 'd-1'].map((id, year) => `u-1,${id},200${year}-01-01`)
    const faults = faultsOf(
      known,
      file('devices.csv', 'device_id,kind,der_type', 'd-1,der,pv'),
      file('meters.csv', 'unit_id,device_id,valid_from', ...meters),
    )
    assert.deepEqual(faults, [
      'meters.csv line 2: device_id is "p-1", a panel, not a meter',
      'meters.csv line 3: device_id is "x-1", a device of unknown kind: list it in devices.csv',
      'meters.csv line 5: device_id is "d-1", a der, not a meter',
    ])
  })

  it('remains one', () => {
    assert.deepEqual(faultsOf(known, file('devices.csv', 'device_id,kind', 'm-1,switch')), [
      'devices.csv line 2: kind is "switch", but m-1 is or was the meter of unit u-1',
    ])
  })
})
