import assert from 'node:assert/strict'
import { useDatabase } from '../../storage/test-database.ts'
import { file } from './csv.fixture.ts'
import { removeElement } from './element-repository.ts'
import { describeFault, ImportError } from './faults.ts'
import { importNetwork } from './import.ts'

describe('elements in the database', () => {
  const store = useDatabase()
  const imported = (...files: Parameters<typeof file>[]) =>
    importNetwork(
      store.database,
      files.map((one) => file(...one)),
      { timeZone: 'America/Sao_Paulo' },
    )
  const counts = (result: Awaited<ReturnType<typeof imported>>) =>
    Object.fromEntries(
      result.tables.map(({ table, added, changed, unchanged }) => [table, [added, changed, unchanged]]),
    )
  const rows = (sql: string) => store.database.query(sql)

  const files: Parameters<typeof file>[] = [
    ['feeders.csv', 'feeder_id', 'f-1'],
    ['conjuntos.csv', 'conjunto_id,name,time_zone', '12345,Centro,America/Manaus'],
    [
      'units.csv',
      'unit_id,nominal_voltage_v,conjunto_id,area,municipality_code',
      ...['u-1,127,12345,urban,1302603', 'u-2,13800,12345,non_urban,'],
    ],
    ['sources.csv', 'source_id,section_id,feeder_id,substation_id', 'f-1,a,f-1,se-1'],
    ['switches.csv', 'switch_id,section_a,section_b,normally_closed,load_break', 'sw-1,a,b,true,true'],
    ['earthings.csv', 'earth_switch_id,section_id', 'es-1,b'],
    ['transformers.csv', 'transformer_id,section_id,phases', 't-1,b,A'],
    ['supplies.csv', 'unit_id,transformer_id,section_id', 'u-1,t-1,', 'u-2,,b'],
    ['services.csv', 'unit_id,service', 'u-1,life_support'],
  ]

  it('are imported whole, and again without a change', async () => {
    const one = [1, 0, 0]
    assert.deepEqual(counts(await imported(...files)), {
      ...{ feeders: one, conjuntos: one, units: [2, 0, 0], sources: one, switches: one, transformers: one },
      ...{ earthings: one, supplies: [2, 0, 0], services: one },
    })
    const [{ changes } = { changes: 0 }] = await store.database.query<{ changes: number }>(
      'select count(*)::int as changes from network_change',
    )
    assert.equal(changes, 4)
    assert.deepEqual(counts(await imported(...files))['supplies'], [0, 0, 2])
    assert.deepEqual(await rows('select count(*)::int as changes from network_change'), [{ changes }])
    assert.deepEqual(await rows('select conjunto_id, area, municipality_code from consumer_unit order by unit_id'), [
      { conjunto_id: '12345', area: 'urban', municipality_code: 1_302_603 },
      { conjunto_id: '12345', area: 'non_urban', municipality_code: null },
    ])
    assert.deepEqual(await rows('select unit_id, section_id, transformer_id, phases from unit_connection order by 1'), [
      { unit_id: 'u-1', section_id: 'b', transformer_id: 't-1', phases: 'A' },
      { unit_id: 'u-2', section_id: 'b', transformer_id: null, phases: 'ABC' },
    ])
  })

  it('are otherwise from a day on, of which it is told since when', async () => {
    await rows('delete from network_change')
    const head = 'switch_id,section_a,section_b,normally_closed,valid_from'
    const { ended } = await imported(['switches.csv', head, 'sw-1,a,c,true,2026-05-01'])
    assert.deepEqual(ended, [{ element: 'switch sw-1', valid_to: Date.parse('2026-05-01T03:00:00Z') }])
    assert.deepEqual(
      await rows(`select section_b, load_break, lower(validity) as "from", upper(validity) as until from network_switch
        order by lower(validity) nulls first`),
      [
        { section_b: 'b', load_break: true, from: null, until: new Date('2026-05-01T03:00:00Z') },
        { section_b: 'c', load_break: true, from: new Date('2026-05-01T03:00:00Z'), until: null },
      ],
    )
    assert.deepEqual(await rows('select distinct element_kind, from_at from network_change'), [
      { element_kind: 'switch', from_at: new Date('2026-05-01T03:00:00Z') },
    ])
  })

  it('are struck out by name and beginning', async () => {
    await store.database.transaction((client) =>
      removeElement(client, 'switches', 'sw-1', Date.parse('2026-05-01T03:00:00Z')),
    )
    assert.deepEqual(await rows('select section_b from network_switch'), [{ section_b: 'b' }])
  })

  it('are refused with what nobody knows, line by line', async () => {
    const refused = await imported(
      ['conjuntos.csv', 'conjunto_id,name,time_zone', '1,Norte,America/Belem', '2,Sul,America/Nowhere'],
      ['units.csv', 'unit_id,nominal_voltage_v,conjunto_id,area,municipality_code', 'u-3,127,99,rural,123'],
      ['sources.csv', 'source_id,section_id,feeder_id', 'f-9,z,f-9'],
      ['transformers.csv', 'transformer_id,section_id,phases', 't-2,nowhere,BA'],
      ['supplies.csv', 'unit_id,transformer_id', 'u-1,t-9', 'u-9,t-1'],
      ['services.csv', 'unit_id,service', 'u-9,essential', 'u-1,hospital'],
    ).then(
      () => [],
      (error: unknown) => (error instanceof ImportError ? error.faults.map(describeFault) : [error]),
    )
    assert.deepEqual(refused, [
      'conjuntos.csv line 3: time_zone is "America/Nowhere", not a time zone of the IANA, such as America/Manaus',
      'units.csv line 2: area is "rural", not one of urban, non_urban',
      'units.csv line 2: municipality_code is "123", not from 1000000 to 9999999',
      'units.csv line 2: conjunto_id is "99", a conjunto that nobody knows',
      'sources.csv line 2: feeder_id is "f-9", a feeder that nobody knows',
      'transformers.csv line 2: phases is "BA", not phases: A, B, C, AB, AC, BC or ABC',
      'supplies.csv line 2: transformer_id is "t-9", a transformer that nobody knows',
      'supplies.csv line 3: unit_id is "u-9", a unit that nobody knows',
      'services.csv line 2: unit_id is "u-9", a unit that nobody knows',
      'services.csv line 3: service is "hospital", not one of safety, life_support, essential',
    ])
  })
})
