import assert from 'node:assert/strict'
import fc from 'fast-check'
import { before, describe, it } from 'mocha'
import { ImportError } from '../../../platform/network/import/faults.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { saveConjuntoUnits } from './base-repository.ts'
import { beginEntry, insertEntry, listEntries, pastRows } from './entry-repository.ts'
import { enterFile, enterRecords, removeRecords } from './enter-rows.ts'
import { listLimitRows } from './limit-repository.ts'
import { listOccurrences } from './occurrence-repository.ts'
import { countSaved, type RegisterRow } from './register.ts'
import { registerNamed } from './registers.ts'
import { seedConjuntos, seedUnits } from './seeded-conjuntos.fixture.ts'

describe('entering rows', function () {
  this.timeout(120_000)
  const store = useDatabase()
  const by = { name: 'ana', at: Date.UTC(2026, 2, 10) }
  const register = (name: string) => registerNamed(name)!
  const enter = (name: string, records: object[], who = by) =>
    enterRecords(store.database, register(name), records, who)
  const progress = async (): Promise<number> => {
    const [row] = await store.database.query<{ changed: number }>(
      'select changed::int as changed from continuity_progress',
    )
    return row!.changed
  }
  const everything = { after: undefined, limit: 1_000 }

  before(async () => {
    await seedConjuntos(store.database, ['c-1', 'c-2'])
    await seedUnits(store.database, 'c-1', ['u-1'])
  })

  it('is one entry, by one person, that continuity follows; what changes nothing is none', async () => {
    const rows = [
      { conjuntoId: 'c-1', month: '2026-03', units: 10 },
      { conjuntoId: 'c-2', month: '2026-03', units: 20 },
    ]
    const was = await progress()
    assert.deepEqual(await enter('conjunto-units', rows), { added: 2, changed: 0, unchanged: 0 })
    assert.equal(await progress(), was + 1)
    assert.deepEqual(await enter('conjunto-units', rows), { added: 0, changed: 0, unchanged: 2 })
    assert.equal(await progress(), was + 1)
    const rui = { name: 'rui', at: by.at + 1 }
    assert.deepEqual(await enter('conjunto-units', [{ ...rows[0], units: 11 }, rows[1]!], rui), {
      ...{ added: 0, changed: 1, unchanged: 1 },
    })
    const entries = await listEntries(store.database, { register: 'conjunto-units', before: undefined, limit: 10 })
    assert.deepEqual(
      entries.map(({ enteredBy, enteredAt, added, changed, removed }) => [
        enteredBy,
        enteredAt,
        added,
        changed,
        removed,
      ]),
      [
        ['rui', by.at + 1, 0, 1, 0],
        ['ana', by.at, 2, 0, 0],
      ],
    )
    const [past, ...none] = await pastRows(store.database, entries[0]!.entryId, everything)
    assert.deepEqual(
      [past!.register, past!.row, none],
      ['conjunto-units', { conjunto_id: 'c-1', month: '2026-03-01', units: 10 }, []],
    )
  })

  it('is taken back whole where anything is wrong', async () => {
    const was = await progress()
    const wrong = [
      { conjuntoId: 'c-1', month: '2026-04', units: 10 },
      { conjuntoId: 'c-3', month: '2026-04', units: 10 },
    ]
    await assert.rejects(enter('conjunto-units', wrong), ImportError)
    await assert.rejects(
      store.database.transaction(async (client) => {
        const entryId = await beginEntry(client)
        await saveConjuntoUnits(client, [{ conjunto_id: 'c-1', month: '2026-04', units: 10 }], entryId)
        throw new Error('killed')
      }),
      /killed/,
    )
    const rows = await store.database.query("select from conjunto_units where month = '2026-04-01'")
    assert.equal(rows.length, 0)
    assert.equal(await progress(), was)
  })

  it('keeps entries, and what stood there before, for good', async () => {
    for (const statement of [
      'update register_entry set entered_by = $$eve$$',
      'delete from register_entry',
      'update register_past set past_row = $${}$$',
      'delete from register_past',
    ])
      await assert.rejects(store.database.query(statement), /takes new rows only|permission denied/, statement)
    await assert.rejects(
      store.database.transaction(async (client) => {
        const entryId = await beginEntry(client)
        const counts = { added: 1, changed: 0, removed: 0 }
        const whose = { enteredBy: null, approvalId: null, enteredAt: by.at }
        await insertEntry(client, { entryId, register: 'conjunto-units', ...whose, ...counts })
      }),
      /violates check constraint/,
    )
  })

  it('keeps what a removal took, and by whom', async () => {
    await enter('unit-limits', [
      { unitId: 'u-1', fromMonth: '2026-01', dicH: 8, fic: 5, dmicH: 6, dicriH: null, diseH: 24, source: 'contract' },
    ])
    const key = [{ unitId: 'u-1', fromMonth: '2026-01' }]
    assert.equal(await removeRecords(store.database, register('unit-limits'), key, { name: 'rui', at: by.at }), 1)
    assert.equal(await removeRecords(store.database, register('unit-limits'), key, by), 0)
    const [entry, ...older] = await listEntries(store.database, {
      register: 'unit-limits',
      before: undefined,
      limit: 9,
    })
    assert.deepEqual([entry!.enteredBy, entry!.removed, older.length], ['rui', 1, 1])
    const [past] = await pastRows(store.database, entry!.entryId, everything)
    assert.deepEqual([past!.row['unit_id'], past!.row['dic_h']], ['u-1', 8])
    await assert.rejects(
      removeRecords(store.database, register('unit-limits'), [{ unitId: 'u-1' }], by),
      /from_month is empty/,
    )
  })

  it('lists rows of limits behind each other, empty cells of their key too', async () => {
    const row = { dicH: 3, fic: 3, dmicH: 3, source: 'Anexo 8.B' }
    const keys = ['urban', 'non_urban', null].flatMap((area) =>
      [5, 12.5, null].flatMap((upTo) =>
        ['2022-01', '2026-01'].map((fromMonth) => ({ voltageClass: 'BT', area, upTo, fromMonth })),
      ),
    )
    assert.equal(
      (
        await enter(
          'limit-rows',
          keys.map((key) => ({ ...key, ...row })),
        )
      ).added,
      18,
    )
    const all = await listLimitRows(store.database, {}, everything)
    assert.equal(all.length, 18)
    const paged: RegisterRow[] = []
    for (let after: RegisterRow | undefined; ;) {
      const [next] = await listLimitRows(store.database, { voltageClass: 'BT' }, { after, limit: 1 })
      if (!next) break
      paged.push((after = next))
    }
    assert.deepEqual(paged, all)
    assert.deepEqual(await listLimitRows(store.database, { voltageClass: 'AT' }, everything), [])
  })

  it('of the steps of services comes to the same, in whatever order and how often they are told (property)', async () => {
    let serial = 0
    const minute = fc.nat(600)
    const steps = fc.tuple(minute, minute, minute).map((sorted) => sorted.toSorted((one, other) => one - other))
    const order = fc.array(fc.nat(3), { minLength: 4, maxLength: 12 })
    const closed = Date.UTC(2026, 2, 10, 12)
    await fc.assert(
      fc.asyncProperty(steps, order, async ([dispatched, arrived, done], order) => {
        const occurrenceId = `P-${++serial}`
        const base = { occurrenceId, conjuntoId: 'c-1', openedAt: closed, withInterruption: true }
        const told = [
          base,
          { ...base, dispatchedAt: closed + dispatched! * 60_000 },
          { ...base, arrivedAt: closed + arrived! * 60_000 },
          { ...base, closedAt: closed + done! * 60_000 },
        ]
        for (const index of [...order, 0, 1, 2, 3]) await enter('emergency-occurrences', [told[index]!])
        const rows = await listOccurrences(store.database, { conjuntoId: 'c-1' }, everything)
        const row = rows.find(({ occurrence_id: id }) => id === occurrenceId)!
        assert.deepEqual(
          [row['dispatched_at'], row['arrived_at'], row['closed_at']],
          [dispatched, arrived, done].map((step) => closed + step! * 60_000),
        )
      }),
      { numRuns: 15 },
    )
  })

  it('of the same row by many at once leaves one of what they said', async () => {
    const said = Array.from({ length: 12 }, (_, units) => units + 1)
    await Promise.all(said.map((units) => enter('conjunto-units', [{ conjuntoId: 'c-1', month: '2027-01', units }])))
    const rows = await store.database.query<{ units: number }>(
      "select units from conjunto_units where month = '2027-01-01'",
    )
    assert.equal(rows.length, 1)
    assert.ok(said.includes(rows[0]!.units))
    const [entries] = await store.database.query<{ count: number }>(
      `select (select count(*) from register_entry where register = 'conjunto-units')::int
         - (select count(*) from register_past where past_row->>'month' = '2027-01-01')::int as count`,
    )
    assert.equal(entries!.count, 3, 'each one that changed the row, besides the first, kept what stood there')
  })

  it('takes a whole history in one file', async () => {
    const days = Array.from({ length: 731 }, (_, index) =>
      new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10),
    )
    const lines = ['c-1', 'c-2'].flatMap((id) => days.map((day, index) => `${id};${day};${index % 9}`))
    const bytes = Buffer.from(['conjunto_id;day;occurrences', ...lines].join('\n'))
    const into = register('emergency-days')
    assert.deepEqual(await enterFile(store.database, into, bytes, by), { added: 1_462, changed: 0, unchanged: 0 })
    assert.deepEqual(await enterFile(store.database, into, bytes, by), { added: 0, changed: 0, unchanged: 1_462 })
  })

  it('tells what was new from what was otherwise', () =>
    assert.deepEqual(countSaved([{ added: true }, { added: false }, { added: true }]), { added: 2, changed: 1 }))
})
