import assert from 'node:assert/strict'
import { dayStart, file, told } from './csv.fixture.ts'
import type { ImportFile } from './csv-text.ts'
import { Faults } from './faults.ts'
import { checkHeads } from './heads.ts'
import { mergeNetwork } from './merge.ts'
import { type Device, type Feeder, type Known, nothingKnown as nothing } from './network.ts'
import { noPanelFacts } from './panel-facts.fixture.ts'
import { unsteered } from './steering.fixture.ts'
import { readTables } from './tables.ts'

const device = (id: string, kind: Device['kind']): [string, Device] => [
  id,
  {
    ...{ device_id: id, kind, der_type: null, status: 'active', site_id: null, feeder_id: null, location: null },
    ...{ nominal_voltage_v: null, rated_kw: null, priority: null, is_physical: true, ...unsteered, ...noPanelFacts },
  },
]
const feeder = (id: string, head: string | null): [string, Feeder] => [
  id,
  { feeder_id: id, parent_feeder_id: null, name: null, limit_kw: null, head_meter_id: head, nominal_voltage_v: null },
]
const known: Known = {
  ...nothing,
  feeders: new Map([feeder('f-1', 'h-1'), feeder('f-2', null)]),
  devices: new Map([
    device('h-1', 'meter'),
    device('h-2', 'meter'),
    device('m-1', 'meter'),
    device('p-1', 'panel'),
    device('x-1', null),
  ]),
  assignments: [{ unit_id: 'u-1', device_id: 'm-1', valid_from: -Infinity, valid_to: 0 }],
}

function faultsOf(...files: readonly ImportFile[]): string[] {
  const faults = new Faults()
  const tables = readTables(files, dayStart, faults)
  checkHeads(tables, mergeNetwork(tables, known, faults), known, faults)
  return told(faults)
}

const heads = (...lines: string[]): ImportFile => file('feeders.csv', 'feeder_id,head_meter_id', ...lines)

describe('the meter at the head of a feeder', () => {
  it('is a meter that stands nowhere else', () => assert.deepEqual(faultsOf(heads('f-2,h-2')), []))

  for (const [head, problem] of [
    ['p-1', 'a panel, not a meter'],
    ['x-1', 'a device of unknown kind: list it in devices.csv'],
    ['h-1', 'which is at the head of feeder f-1'],
    ['m-1', 'which is or was the meter of unit u-1'],
  ] as const)
    it(`is not ${head}, ${problem}`, () =>
      assert.deepEqual(faultsOf(heads(`f-2,${head}`)), [`feeders.csv line 2: head_meter_id is "${head}", ${problem}`]))

  it('may change places with another one in one file', () =>
    assert.deepEqual(faultsOf(heads('f-1,h-2', 'f-2,h-1')), []))

  it('does not become the meter of a unit', () =>
    assert.deepEqual(faultsOf(file('meters.csv', 'unit_id,device_id,valid_from', 'u-2,h-1,2025-01-01')), [
      'meters.csv line 2: device_id is "h-1", which is at the head of feeder f-1',
    ]))

  it('stays a meter', () =>
    assert.deepEqual(faultsOf(file('devices.csv', 'device_id,kind', 'h-1,switch')), [
      'devices.csv line 2: kind is "switch", but h-1 is at the head of feeder f-1',
    ]))
})
