import assert from 'node:assert/strict'
import { dayStart, file, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import { mergeNetwork } from './merge.ts'
import { type Device, nothingKnown as nothing, panelColumns } from './network.ts'
import { readTables } from './tables.ts'

const columns = 'device_id,kind,der_type,tilt_deg,azimuth_deg,gamma_per_c,noct_c,rated_v,installed_at'

function merged(line: string, known?: Device, header = columns) {
  const faults = new Faults()
  const tables = readTables([file('devices.csv', header, line)], dayStart, faults)
  const devices = new Map(known ? [[known.device_id, known]] : [])
  const network = mergeNetwork(tables, { ...nothing, devices }, faults)
  return { device: [...network.devices.rows.values()][0]!, faults: told(faults), toWrite: network.devices.toWrite }
}
const facts = (device: Device) => panelColumns.map((column) => device[column])

describe('what has to be known of a solar panel', () => {
  const line = 'p-1,panel,,15,350,-0.0034,44,34.5,2025-03-31'

  it('is taken from its line; a day means its beginning', () => {
    const { device, faults } = merged(line)
    assert.deepEqual(faults, [])
    assert.deepEqual(facts(device), [15, 350, -0.0034, 44, 34.5, '2025-03-31T03:00:00.000Z'])
  })

  it('stays where the file has no such column, and goes where a cell is empty', () => {
    const { device: known } = merged(line)
    assert.deepEqual(merged('p-1,panel', known, 'device_id,kind').toWrite, [])
    const again = merged('p-1,panel,,2025-03-31T00:00:00-03:00', known, 'device_id,kind,tilt_deg,installed_at').device
    assert.deepEqual(facts(again), [null, 350, -0.0034, 44, 34.5, '2025-03-31T03:00:00.000Z'])
  })

  for (const [line, fault] of [
    ['pv-1,der,pv,15,,,,,', 'tilt_deg is "15", of a der: it is for panels'],
    ['m-1,meter,,,,,,,2025-03-31', 'installed_at is "2025-03-31T03:00:00.000Z", of a meter: it is for panels'],
    ['p-1,panel,,91,,,,,', 'tilt_deg is "91", not from 0 to 90 degrees'],
    ['p-1,panel,,,-10,,,,', 'azimuth_deg is "-10", not from 0 to 360 degrees'],
    ['p-1,panel,,,,0.0035,,,', 'gamma_per_c is "0.0035", not from -0.02 to 0 per °C'],
    ['p-1,panel,,,,,10,,', 'noct_c is "10", not from 20 to 90 °C'],
    ['p-1,panel,,,,,,0,', 'rated_v is "0", not from 1 to 1000 V'],
    [
      'p-1,panel,,,,,,,last year',
      'installed_at is "last year", not a day (2025-03-31) or an instant with offset (2025-03-31T14:00:00-03:00)',
    ],
  ] as const)
    it(`cannot be: ${fault}`, () => assert.deepEqual(merged(line).faults, [`devices.csv line 2: ${fault}`]))

  it('is not taken along by what becomes another kind of device', () => {
    const { device: known } = merged(line)
    const { device, faults } = merged('p-1,meter', known, 'device_id,kind')
    assert.deepEqual([faults, facts(device)], [[], panelColumns.map(() => null)])
  })
})
