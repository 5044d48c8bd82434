import assert from 'node:assert/strict'
import type { ImportFile } from './csv-text.ts'
import { dayStart, file, tablesOf, told } from './csv.fixture.ts'
import { Faults } from './faults.ts'
import { readTables, tableOf } from './tables.ts'

function faultsOf(...files: readonly ImportFile[]): string[] {
  const faults = new Faults()
  readTables(files, dayStart, faults)
  return told(faults)
}

describe('a table', () => {
  it('goes by the name of its file', () => {
    assert.equal(tableOf('Feeders.CSV'), 'feeders')
    assert.equal(tableOf('feeder.csv'), undefined)
    assert.match(faultsOf(file('device.csv', 'device_id'))[0]!, /^device\.csv: is none of feeders\.csv, sites\.csv/)
    assert.match(faultsOf(file('sites.csv', 'site_id'), file('SITES.csv', 'site_id'))[0]!, /given twice/)
  })

  it('has its columns by name, in any order', () => {
    const { feeders } = tablesOf(file('feeders.csv', 'NAME;Feeder_ID', 'Alimentador 1;f-1'))
    assert.deepEqual(feeders, {
      file: 'feeders.csv',
      columns: ['name', 'feeder_id'],
      lines: [{ line: 2, cells: { name: 'Alimentador 1', feeder_id: 'f-1' } }],
      complete: true,
    })
  })

  it('tells an empty cell from a column that is not there', () => {
    const { sites } = tablesOf(file('sites.csv', 'site_id,name', 's-1,'))
    assert.deepEqual(sites!.lines[0]!.cells, { site_id: 's-1', name: null })
  })

  it('reads what a Brazilian spreadsheet writes', () => {
    const { devices } = tablesOf(
      file('devices.csv', '\uFEFFdevice_id;kind;der_type;rated_kw;is_physical;;\r', 'pv-1;der;pv;7,5;VERDADEIRO;;\r'),
    )
    const cells = { device_id: 'pv-1', kind: 'der', der_type: 'pv', rated_kw: 7.5, is_physical: true }
    assert.deepEqual(devices!.lines[0]!.cells, cells)
  })

  it('has no unknown, double or missing columns', () => {
    assert.deepEqual(faultsOf(file('units.csv', 'unit_id,feeder,unit_id,,site_id', 'u-1,f,u-1,x,s')), [
      'units.csv line 1: unknown column "feeder": the columns are unit_id, site_id, feeder_id, tariff_class, phases, nominal_voltage_v, contracted_voltage_v, measured_between, conjunto_id, area, municipality_code',
      'units.csv line 1: column unit_id is there twice',
      'units.csv line 1: column 4 has no name',
      'units.csv line 1: 1 column missing: nominal_voltage_v',
    ])
    assert.match(faultsOf(file('feeders.csv', 'f-1\tf-2'))[0]!, /has no header/)
    assert.match(faultsOf(file('feeders.csv', 'constructor,feeder_id', 'a,b'))[0]!, /unknown column "constructor"/)
  })

  it('tells every faulty cell, by line, column and value', () => {
    const devices = file(
      'devices.csv',
      'device_id,kind,rated_kw,priority,site_id',
      'pv-1,der,5,1,s-1',
      ',solar,abc,101,s 1',
      'pv-2,,-1,1.5,',
    )
    assert.deepEqual(faultsOf(devices), [
      'devices.csv line 3: device_id is empty',
      'devices.csv line 3: kind is "solar", not one of der, panel, meter, switch',
      'devices.csv line 3: rated_kw is "abc", not a number',
      'devices.csv line 3: priority is "101", not from 0 to 100',
      'devices.csv line 3: site_id is "s 1", not an identifier: letters, digits and _ . : - (64 at most), a letter or digit first',
      'devices.csv line 4: kind is empty',
      'devices.csv line 4: rated_kw is "-1", not from 0 to 100000 kW',
      'devices.csv line 4: priority is "1.5", not a whole number',
    ])
  })

  it('is incomplete where a line could not be read', () => {
    const faults = new Faults()
    const read = (...lines: string[]) => readTables([file('sites.csv', ...lines)], dayStart, faults).sites?.complete
    assert.equal(read('site_id,name', 's-1'), false)
    assert.equal(read('site,name', 's-1,x'), false)
    assert.equal(read('site_id,latitude', 's-1,north'), true)
  })
})
