import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import {
  correctHolder,
  eraseHolders,
  findHolder,
  type HolderFields,
  insertHolder,
  listHolders,
  lockUnit,
  searchHolders,
  unitExists,
} from './holder-repository.ts'

const [year2020, year2025] = [Date.UTC(2020, 0), Date.UTC(2025, 0)]
const holder = (name: string): HolderFields => ({ name, address: null, phone: null, email: null, document: null })
const first = { after: undefined, limit: 9 }

describe('repository of holders', () => {
  const test = useDatabase()
  const enter = (unitId: string, fields: HolderFields, from: number) =>
    test.database.transaction(async (client) => {
      await lockUnit(client, unitId)
      await insertHolder(client, unitId, fields, from, year2025)
    })
  const nameAt = async (at: number) => (await findHolder(test.database, 'u-1', at))?.name

  before(() =>
    test.database.query("insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127)"),
  )
  beforeEach(() => test.database.query('delete from unit_holder'))

  it('knows one holder an instant, and who came after whom', async () => {
    await enter('u-1', holder('Ana'), -Infinity)
    await enter('u-1', holder('Bia'), year2020)
    await enter('u-1', holder('Cai'), year2025)
    assert.deepEqual(await Promise.all([0, year2020 - 1, year2020, year2025 - 1, year2025].map(nameAt)), [
      ...['Ana', 'Ana', 'Bia', 'Bia', 'Cai'],
    ])
    const ana = await findHolder(test.database, 'u-1', 0)
    assert.deepEqual([ana!.validFrom, ana!.validTo?.getTime()], [null, year2020])
  })

  it('replaces who was entered for the same beginning', async () => {
    await enter('u-1', holder('Ana'), year2020)
    await enter('u-1', holder('Bia'), year2020)
    assert.deepEqual([await nameAt(year2020), await nameAt(0)], ['Bia', undefined])
  })

  it('takes nobody for a time that somebody is entered after', async () => {
    await enter('u-1', holder('Ana'), year2025)
    await assert.rejects(enter('u-1', holder('Bia'), year2020), { code: '23P01' })
    assert.equal(await nameAt(year2025), 'Ana')
  })

  it('corrects the holder of an instant', async () => {
    await enter('u-1', holder('Ana'), year2020)
    const correct = (at: number) =>
      test.database.transaction((client) => correctHolder(client, 'u-1', { ...holder('Anna'), phone: '1' }, at))
    assert.deepEqual([await correct(0), await correct(year2025)], [false, true])
    const { name, phone, validFrom } = (await findHolder(test.database, 'u-1', year2025))!
    assert.deepEqual([name, phone, validFrom!.getTime()], ['Anna', '1', year2020])
  })

  it('lists and searches by unit, wildcards being letters', async () => {
    await enter('u-2', { ...holder('Ana_Souza'), document: '12345678909' }, -Infinity)
    await enter('u-1', holder('JOÃO 100%'), -Infinity)
    const units = (rows: readonly { unitId: string }[]) => rows.map(({ unitId }) => unitId)
    assert.deepEqual(units(await listHolders(test.database, 0, first)), ['u-1', 'u-2'])
    assert.deepEqual(units(await listHolders(test.database, 0, { after: 'u-1', limit: 9 })), ['u-2'])
    for (const [text, found] of [
      ['joão', ['u-1']],
      ['%', ['u-1']],
      ['_', ['u-2']],
      ['12345678909', ['u-2']],
      ['1234567890', []],
      ["' or true --", []],
    ] as const)
      assert.deepEqual(units(await searchHolders(test.database, 0, text, first)), found, text)
  })

  it('erases everybody of a unit, and nobody of another', async () => {
    await enter('u-1', holder('Ana'), -Infinity)
    await enter('u-1', holder('Bia'), year2020)
    await enter('u-2', holder('Cai'), -Infinity)
    assert.equal(await eraseHolders(test.database, 'u-1'), 2)
    assert.equal(await eraseHolders(test.database, 'u-1'), 0)
    assert.equal((await listHolders(test.database, 0, first)).length, 1)
    assert.deepEqual([await unitExists(test.database, 'u-1'), await unitExists(test.database, 'u-9')], [true, false])
  })
})
