import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { monthsFrom } from './keeper.ts'
import { closed, lost, opened, restored, SuppliedField, type GivenEvent } from './supplied-field.fixture.ts'

describe('the keeper of interruptions', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let field: SuppliedField

  before(async () => {
    field = new SuppliedField(test.database)
    await field.build()
  })
  afterEach(() => field.clear())

  const told = async (...events: GivenEvent[]): Promise<void> => {
    await field.store(events)
    await field.settled()
  }

  it('has all units of a switch without supply when it opens, and with it when it closes', async () => {
    field.keeper()
    await told(opened('sw-a2', 10))
    assert.deepEqual(await field.texts(), ['switch sw-a2 10-… ×8'])
    const [before] = await field.interruptions()
    await told(closed('sw-a2', 40))
    assert.deepEqual(await field.texts(), ['switch sw-a2 10-40 ×8'])
    assert.equal((await field.interruptions())[0]!.id, before!.id)
    assert.equal((await field.outages())[0], 'a2-1-1: 10-40 switch sw-a2')
    await field.stop()
    assert.deepEqual(field.errors, [])
  })

  it('restores step by step through a tie: one event, and the last to wait keep the number', async () => {
    field.keeper()
    await told(opened('fa', 10))
    const [first] = await field.interruptions()
    assert.equal(first!.text, 'source fa 10-… ×12')
    // The fault is in a1: what lies behind is supplied from the other side.
    await told(opened('sw-a2', 20), closed('tie', 30))
    assert.deepEqual(await field.texts(), ['source fa 10-30 ×8', 'source fa 10-… ×4'])
    await told(closed('fa', 90))
    const both = await field.interruptions()
    assert.deepEqual(
      both.map(({ text }) => text),
      ['source fa 10-30 ×8', 'source fa 10-90 ×4'],
    )
    assert.equal(both[1]!.id, first!.id)
    assert.equal(new Set(both.map(({ event }) => event)).size, 1)
  })

  it('tells a transformer from a unit by their meters, and keeps the number', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10))
    const [one] = await field.interruptions()
    assert.equal(one!.text, 'unit a1-1-1 10-… ×1')
    await told(lost('m-a1-1-2', 10.05))
    const [both] = await field.interruptions()
    assert.deepEqual([both!.text, both!.id], ['transformer a1-1 10-… ×2', one!.id])
    await told(lost('m-a1-2-1', 10.1))
    assert.deepEqual(await field.texts(), ['section a1 10-… ×3'])
    await told(restored('m-a1-1-1', 50), restored('m-a1-1-2', 50.1), restored('m-a1-2-1', 70))
    assert.deepEqual(await field.texts(), ['section a1 10-50.1 ×2', 'section a1 10.1-70 ×1'])
  })

  it("takes what meters tell for the switch's interruption, whichever is known first", async () => {
    field.keeper()
    await told(lost('m-a3-1-1', 10.1), lost('m-a3-1-2', 9.95))
    const [by] = await field.interruptions()
    assert.match(by!.text, /^transformer a3-1 /)
    await told(opened('sw-a3', 10))
    const [now] = await field.interruptions()
    assert.deepEqual([now!.text, now!.id], ['switch sw-a3 10-… ×4', by!.id])
    await told(restored('m-a3-1-1', 25), closed('sw-a3', 40), restored('m-a3-2-2', 55))
    assert.deepEqual(await field.outages(), [
      'a3-1-1: 10-25 switch sw-a3',
      'a3-1-2: 10-40 switch sw-a3',
      'a3-2-1: 10-40 switch sw-a3',
      'a3-2-2: 10-40 switch sw-a3',
    ])
    await told(lost('m-a3-2-2', 10.05))
    assert.deepEqual((await field.outages()).slice(3), ['a3-2-2: 10-40 switch sw-a3', 'a3-2-2: 40-55 unit a3-2-2'])
    assert.equal(new Set((await field.interruptions()).map(({ event }) => event)).size, 1)
  })

  it('takes back what turns out otherwise: what nobody was in is void', async () => {
    field.keeper()
    await told(opened('sw-a3', 10), closed('sw-a3', 40))
    const [first] = await field.interruptions()
    // It had been supplied from the other side all along.
    await told(closed('tie', 5))
    assert.deepEqual(await field.texts(), [])
    const withdrawn = await test.database.query('select from unit_interruption_withdrawn')
    assert.equal(withdrawn.length, 4)
    await told(opened('tie', 8))
    const [again] = await field.interruptions()
    assert.deepEqual([again!.text, again!.id], ['switch sw-a3 10-40 ×4', first!.id])
  })

  it('learns from readings that a switch was turned', async () => {
    field.keeper()
    await field.store([], [{ switchId: 'sw-a3', at: 1, position: 'closed' }])
    await field.store([], [{ switchId: 'sw-a3', at: 11, position: 'intermediate' }])
    await field.store([], [{ switchId: 'sw-a3', at: 12, position: 'open' }])
    await field.store([opened('sw-a3', 11.5)], [{ switchId: 'sw-a3', at: 31, position: 'closed' }])
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 11.5-31 ×4'])
  })

  it('does not believe what has no time of its own', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10, { quality: 'server-time' }), lost('m-a1-1-2', 10, { quality: 'invalid' }))
    assert.deepEqual(await field.texts(), [])
  })

  it('has units out that lose one phase, by the phases they have', async () => {
    await test.database.query(`update consumer_unit set phases = 'BC' where unit_id = 'a3-1-1'`)
    field.keeper()
    await told(opened('sw-a3', 10, 'A'), closed('sw-a3', 20, 'A'))
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×3'])
    await test.database.query(`update consumer_unit set phases = 'ABC' where unit_id = 'a3-1-1'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×4'])
  })

  it('follows the network: what is told of it later holds for before', async () => {
    field.keeper()
    await told(opened('sw-a3', 10), closed('sw-a3', 20))
    await test.database.query(`update unit_supply set transformer_id = 'a2-1' where unit_id = 'a3-2-2'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×3'])
    await test.database.query(`update unit_supply set transformer_id = 'a3-2' where unit_id = 'a3-2-2'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×4'])
  })

  const storm: GivenEvent[] = [
    ...[opened('fa', 10), lost('m-a1-1-1', 10.02), lost('m-a2-1-1', 10.1), opened('sw-a2', 20), closed('tie', 30)],
    ...[restored('m-a2-1-1', 30.1), lost('m-a3-2-1', 34), lost('m-a3-2-2', 34.1), opened('sw-a3', 50)],
    ...[closed('fa', 90), restored('m-a1-1-1', 120), closed('sw-a3', 95), restored('m-a3-2-1', 130)],
    ...[restored('m-a3-2-2', 130), lost('m-b1-1-1', 60), restored('m-b1-1-1', 61), opened('sw-b3', 140, 'B')],
    ...[closed('sw-b3', 150, 'B'), opened('tie', 160), closed('sw-a2', 160)],
  ]

  it('comes to the same in whatever order evidence comes, twice, or in one heap', async () => {
    field.keeper()
    await told(...storm)
    const expected = await field.outages()
    assert.ok(expected.length > 20)
    const orders = [
      storm.toReversed(),
      [...storm.filter((_, index) => index % 2), ...storm.filter((_, index) => !(index % 2))],
    ]
    for (const order of orders) {
      await field.clear()
      field.keeper()
      for (const event of order) await field.store([event])
      await field.store(order.slice(3, 9))
      await field.settled()
      assert.deepEqual(await field.outages(), expected)
      const counted = await test.database.query(
        `select from interruption i where units <> (select count(distinct unit_id) from unit_interruption u where u.interruption_id = i.interruption_id)`,
      )
      assert.equal(counted.length, 0)
    }
  })

  it('makes no gaps and no doubles where several keep them, and stop in between', async () => {
    field.keeper()
    await told(...storm)
    const expected = await field.outages()
    await field.clear()
    for (const event of storm) {
      field.keeper()
      await field.store([event])
      if (event.at % 20 === 0) await field.stop()
    }
    field.keeper()
    await field.settled()
    assert.deepEqual(await field.outages(), expected)
  })

  it('asks for partitions by month', () =>
    assert.deepEqual(monthsFrom(Date.UTC(2026, 10, 30), Date.UTC(2027, 0, 1)), [
      Date.UTC(2026, 10),
      Date.UTC(2026, 11),
      Date.UTC(2027, 0),
    ]))
})
