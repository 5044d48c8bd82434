import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { ElementKind } from '../domain/element.ts'
import { hasEarthSwitch, hasElement, unitsHangingOn, unknownUnits } from './element-repository.ts'
import { noon, SuppliedField } from './supplied-field.fixture.ts'

describe('elements of the network, as persons name them', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    await new SuppliedField(test).build()
    await test.database.query(
      `update network_transformer set validity = tstzrange(null, to_timestamp($1::float8 / 1000)) where transformer_id = 'b3-2'`,
      [noon],
    )
  })

  for (const [kind, id, at, known] of [
    ['source', 'fa', noon, true],
    ['switch', 'tie', noon, true],
    ['switch', 'fa', noon, false],
    ['section', 'a3', noon, true],
    ['section', 'c1', noon, false],
    ['transformer', 'b3-2', noon - 1, true],
    ['transformer', 'b3-2', noon, false],
    ['unit', 'a1-1-1', noon, true],
    ['unit', 'a1-1-9', noon, false],
  ] as [ElementKind, string, number, boolean][])
    it(`${known ? 'know' : 'do not know'} the ${kind} ${id}${at < noon ? ' before noon' : ''}`, async () =>
      assert.equal(await hasElement(test.database, { kind, id }, at), known))

  it('know an earth switch by the time that it is there', async () => {
    await test.database.query(
      `insert into network_earth_switch values ('es-a2', 'a2', tstzrange(null, to_timestamp($1::float8 / 1000)))`,
      [noon],
    )
    assert.equal(await hasEarthSwitch(test.database, 'es-a2', noon - 1), true)
    assert.equal(await hasEarthSwitch(test.database, 'es-a2', noon), false)
    assert.equal(await hasEarthSwitch(test.database, 'tie', noon), false)
  })

  it('have the units that hang on them then', async () => {
    const units = (kind: ElementKind, id: string, at = noon) => unitsHangingOn(test.database, { kind, id }, at)
    assert.deepEqual(await units('transformer', 'a1-1'), ['a1-1-1', 'a1-1-2'])
    assert.deepEqual(await units('section', 'b3', noon - 1), ['b3-1-1', 'b3-1-2', 'b3-2-1', 'b3-2-2'])
    assert.deepEqual(await units('section', 'b3'), ['b3-1-1', 'b3-1-2'])
    assert.deepEqual(await units('unit', 'b3-2-1'), ['b3-2-1'], 'a unit is one wherever it hangs')
  })

  it('know which units nobody knows', async () =>
    assert.deepEqual(await unknownUnits(test.database, ['a1-1-1', 'nobody']), ['nobody']))
})
