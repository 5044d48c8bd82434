import assert from 'node:assert/strict'
import fc from 'fast-check'
import { insertDevices } from '../repository.ts'
import { useDatabase } from '../../storage/test-database.ts'
import type { ImportFile } from './csv-text.ts'
import { file } from './csv.fixture.ts'
import { ImportError } from './faults.ts'
import { importNetwork, type ImportOptions } from './import.ts'

const network = [
  file('feeders.csv', 'feeder_id,parent_feeder_id', 'f-1,f-0', 'f-0,'),
  file('sites.csv', 'site_id,feeder_id,latitude,longitude', 's-1,f-1,-23.5,-46.6'),
  file(
    'devices.csv',
    'device_id,kind,der_type,site_id,rated_kw',
    'pv-1,der,pv,s-1,5',
    'm-1,meter,,s-1,',
    'p-1,panel,,s-1,',
  ),
  file('units.csv', 'unit_id,site_id,nominal_voltage_v', 'u-1,s-1,127'),
  file('meters.csv', 'unit_id,device_id,valid_from,valid_to', 'u-1,m-1,2024-01-01,'),
]

describe('importing the network', () => {
  const store = useDatabase()

  const load = (files: readonly ImportFile[], options: Partial<ImportOptions> = {}) =>
    importNetwork(store.database, files, { timeZone: 'America/Sao_Paulo', ...options })

  /** Every row of the network, with what tells whether a row was written again. */
  const everything = () =>
    store.database.query<{ row: string }>(
      `select 'feeder ' || xmin || f::text as row from feeder f
       union all select 'site ' || xmin || s::text from site s
       union all select 'device ' || xmin || d::text from device d
       union all select 'unit ' || xmin || u::text from consumer_unit u
       union all select 'assignment ' || xmin || a::text from meter_assignment a order by 1`,
    )

  beforeEach(async function () {
    // 10,000 units are looked for in every table that could name them.
    this.timeout(60_000)
    await store.database.query('delete from meter_assignment')
    await store.database.query('delete from consumer_unit')
    await store.database.query('delete from device')
    await store.database.query('delete from site')
    await store.database.query('delete from feeder')
  })

  it('writes what the files say', async () => {
    const { tables } = await load(network)
    assert.deepEqual(
      tables.map(({ table, added, changed, unchanged }) => [table, added, changed, unchanged]),
      [
        ['feeders', 2, 0, 0],
        ['sites', 1, 0, 0],
        ['devices', 3, 0, 0],
        ['units', 1, 0, 0],
        ['meters', 1, 0, 0],
      ],
    )
    const devices = await store.database.query('select device_id, status, rated_kw from device order by 1')
    assert.deepEqual(devices, [
      { device_id: 'm-1', status: 'active', rated_kw: null },
      { device_id: 'p-1', status: 'active', rated_kw: 0.4 },
      { device_id: 'pv-1', status: 'active', rated_kw: 5 },
    ])
    const periods = await store.database.query(
      'select lower(validity) as since, upper(validity) as till from meter_assignment',
    )
    assert.deepEqual(periods, [{ since: new Date('2024-01-01T03:00:00Z'), till: null }])
  })

  it('done again changes nothing at all', async () => {
    await load(network)
    const before = await everything()
    const { tables } = await load(network)
    assert.deepEqual(
      tables.map(({ added, changed }) => added + changed),
      [0, 0, 0, 0, 0],
    )
    assert.deepEqual(await everything(), before)
  })

  it('changes what was registered, also by first contact', async () => {
    const claim = { deviceId: 'pv-1', kind: 'der', feederId: 'f-77', pMaxKw: 99 } as const
    await store.database.transaction((client) => insertDevices(client, [claim], 'pending', Date.now()))
    const { activated } = await load(network)
    assert.deepEqual(activated, ['pv-1'])
    const [device] = await store.database.query("select status, rated_kw, site_id from device where device_id = 'pv-1'")
    assert.deepEqual(device, { status: 'active', rated_kw: 5, site_id: 's-1' })
    await load([file('devices.csv', 'device_id;kind;rated_kw', 'pv-1;der;7,5')])
    const [changed] = await store.database.query(
      "select der_type, rated_kw, site_id from device where device_id = 'pv-1'",
    )
    assert.deepEqual(changed, { der_type: 'pv', rated_kw: 7.5, site_id: 's-1' })
  })

  it('changes a meter by closing one period and opening another', async () => {
    await load(network)
    const { closed } = await load([
      file('devices.csv', 'device_id,kind', 'm-2,meter'),
      file('meters.csv', 'unit_id,device_id,valid_from', 'u-1,m-2,2025-06-01T10:00:00-03:00'),
    ])
    assert.equal(closed.length, 1)
    const periods = await store.database.query(
      `select device_id, upper(validity) as till from meter_assignment join device using (device_key)
       order by lower(validity)`,
    )
    assert.deepEqual(periods, [
      { device_id: 'm-1', till: new Date('2025-06-01T13:00:00Z') },
      { device_id: 'm-2', till: null },
    ])
  })

  it('writes nothing where one line of one file is wrong, and tells all that is', async () => {
    await load(network)
    const before = await everything()
    await assert.rejects(
      load([
        file('feeders.csv', 'feeder_id,parent_feeder_id', 'f-2,f-0', 'f-0,f-2'),
        file('devices.csv', 'device_id,kind,rated_kw,site_id', 'x-1,switch,abc,', 'x-2,switch,,s-9', 'x-3,switch,,'),
        file('meters.csv', 'unit_id,device_id,valid_from', 'u-1,m-1,2023-01-01'),
      ]),
      (error) => {
        assert.ok(error instanceof ImportError)
        assert.deepEqual(error.message.split('\n'), [
          'feeders.csv line 2: parent_feeder_id is "f-0", and the feeders hang in a circle: f-2 → f-0 → f-2',
          'devices.csv line 2: rated_kw is "abc", not a number',
          'devices.csv line 3: site_id is "s-9", a site that nobody knows',
          'meters.csv line 2: overlaps what the registry knows: unit u-1 has meter m-1 from 2024-01-01T03:00:00.000Z without end',
        ])
        assert.equal(error.count, 4)
        return true
      },
    )
    assert.deepEqual(await everything(), before)
  })

  it('on trial says what it would do, and writes nothing', async () => {
    const { tables } = await load(network, { dryRun: true })
    assert.equal(tables.find(({ table }) => table === 'devices')?.added, 3)
    assert.deepEqual(await everything(), [])
  })

  it('waits for another one', async () => {
    const results = await Promise.all([load(network), load(network), load(network)])
    const added = results.map(({ tables }) => tables.reduce((sum, table) => sum + table.added, 0))
    assert.deepEqual(
      added.toSorted((one, other) => one - other),
      [0, 0, 8],
    )
  })

  it('of 10,000 devices tells how far it is, and changes nothing when it is repeated', async () => {
    const many = <T>(make: (n: number) => T) => Array.from({ length: 10_000 }, (_, n) => make(n))
    const files = [
      file('feeders.csv', 'feeder_id,parent_feeder_id', 'f-0,', ...many((n) => `f-${n + 1},f-${n >> 1}`)),
      file('sites.csv', 'site_id,feeder_id', ...many((n) => `s-${n},f-${n}`)),
      file('devices.csv', 'device_id,kind,site_id,nominal_voltage_v', ...many((n) => `m-${n},meter,s-${n},127`)),
      file('units.csv', 'unit_id,site_id,nominal_voltage_v', ...many((n) => `u-${n},s-${n},127`)),
      file('meters.csv', 'unit_id,device_id,valid_from', ...many((n) => `u-${n},m-${n},2024-01-01`)),
    ]
    const steps: string[] = []
    await load(files, { progress: (table, done, total) => steps.push(`${table} ${done}/${total}`) })
    const again = await load(files)
    assert.deepEqual(
      again.tables.filter(({ added, changed }) => added + changed > 0),
      [],
    )
    assert.ok(steps.includes('devices 2000/10000') && steps.includes('meters 10000/10000'), steps.join())
  }).timeout(90_000)

  it('of garbage writes nothing and throws nothing but an ImportError (property)', async () => {
    await load(network)
    const before = await everything()
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            ...'f-1,f-0,x;"\n\r\t\u0000é,,unit_id,device_id,kind,meter,2024-01-01,-5'.split(/(?=[,;"\n])/),
          ),
          {
            maxLength: 30,
          },
        )
        .map((parts) => parts.join('')),
    )
    const garbage = fc.record({
      name: fc.constantFrom(...network.map(({ name }) => name)),
      keepsHeader: fc.boolean(),
      text,
      bytes: fc.option(fc.uint8Array({ maxLength: 60 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 3 }), async (given) => {
        const files = given.map(({ name, keepsHeader, text, bytes }): ImportFile => {
          const original = Buffer.from(network.find((one) => one.name === name)!.bytes)
          const header = keepsHeader ? original.subarray(0, original.indexOf(10) + 1) : Buffer.alloc(0)
          // A row that can never be right, whether it opens a quote or closes one: what comes before it may be.
          return { name, bytes: Buffer.concat([header, bytes ?? Buffer.from(text), Buffer.from('\n"x')]) }
        })
        await assert.rejects(load(files), ImportError)
      }),
      { numRuns: 200 },
    )
    assert.deepEqual(await everything(), before)
  }).timeout(90_000)

  it('of damaged files either works or throws an ImportError (property)', async () => {
    const damage = fc.record({ file: fc.nat(network.length - 1), at: fc.nat(200), text: fc.string({ maxLength: 3 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        const texts = network.map(({ bytes }) => new TextDecoder().decode(bytes))
        for (const { file, at, text } of damages)
          texts[file] = texts[file]!.slice(0, at) + text + texts[file]!.slice(at + text.length)
        const files = network.map(({ name }, index) => file(name, texts[index]!))
        try {
          await load(files, { dryRun: true })
        } catch (error) {
          assert.ok(error instanceof ImportError, String(error))
        }
      }),
      { numRuns: 200 },
    )
    assert.deepEqual(await everything(), [])
  }).timeout(90_000)
})
