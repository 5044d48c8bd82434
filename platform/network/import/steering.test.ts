import assert from 'node:assert/strict'
import { dayStart, file, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import { mergeNetwork } from './merge.ts'
import { type Device, nothingKnown as nothing } from './network.ts'
import { readTables } from './tables.ts'

const columns =
  'device_id,kind,der_type,rated_kw,phases,least_kw,fallback_kw,contracted_kw,capacity_kwh,ramp_kw_per_minute,min_on_s,min_off_s'

function merged(line: string, known?: Device, header = columns) {
  const faults = new Faults()
  const tables = readTables([file('devices.csv', header, line)], dayStart, faults)
  const devices = new Map(known ? [[known.device_id, known]] : [])
  const network = mergeNetwork(tables, { ...nothing, devices }, faults)
  return { device: [...network.devices.rows.values()][0]!, faults: told(faults) }
}

describe('what steering has to know of a DER', () => {
  const line = 'ev-1,der,ev,7.4,ab,1.5,0,2,52,30,300,600'

  it('is taken from its line', () => {
    const { device, faults } = merged(line)
    assert.deepEqual(faults, [])
    const { phases, least_kw, fallback_kw, contracted_kw, capacity_kwh, ramp_kw_per_minute, min_on_s, min_off_s } =
      device
    assert.deepEqual(
      [phases, least_kw, fallback_kw, contracted_kw, capacity_kwh, ramp_kw_per_minute, min_on_s, min_off_s],
      ['AB', 1.5, 0, 2, 52, 30, 300, 600],
    )
  })

  it('stays where the file has no such column, and goes where a cell is empty', () => {
    const { device: known } = merged(line)
    assert.deepEqual(merged('ev-1,der,ev', known, 'device_id,kind,der_type').device, known)
    const { least_kw, contracted_kw } = merged('ev-1,der,,3', known, 'device_id,kind,least_kw,contracted_kw').device
    assert.deepEqual([least_kw, contracted_kw], [null, 3])
  })

  for (const [line, fault] of [
    ['pv-1,der,pv,5,,,2,,,,,', 'fallback_kw is "2", of a pv: it generates, which is below 0'],
    ['ev-1,der,ev,7,,,-1,,,,,', 'fallback_kw is "-1", of an ev: it draws, or nothing'],
    ['b-1,der,battery,4,,,-4.5,,,,,', 'fallback_kw is "-4.5", beyond the rated power, 4 kW'],
    ['ev-1,der,ev,7,,7.5,,,,,,', 'least_kw is "7.5", above the rated power, 7 kW'],
    ['ev-1,der,ev,7,,,,8,,,,', 'contracted_kw is "8", above the rated power, 7 kW'],
    ['m-1,meter,,,,,,,,,60,', 'min_on_s is "60", of a meter: it is for DERs'],
    ['ev-1,der,ev,7,X,,,,,,,', 'phases is "X", not phases: A, B, C, AB, AC, BC or ABC'],
    ['ev-1,der,ev,7,,,,,,,1.5,', 'min_on_s is "1.5", not a whole number'],
    ['ev-1,der,ev,7,,,,,,0,,', 'ramp_kw_per_minute is "0", not from 0.001 to 1000000 kW/min'],
  ] as const)
    it(`cannot be: ${fault}`, () => assert.deepEqual(merged(line).faults, [`devices.csv line 2: ${fault}`]))

  it('is not taken along by what becomes another kind of device', () => {
    const { device: known } = merged(line)
    const { device, faults } = merged('ev-1,meter', { ...known, kind: 'der' }, 'device_id,kind')
    assert.deepEqual([faults, device.phases, device.min_on_s], [[], null, null])
  })
})
