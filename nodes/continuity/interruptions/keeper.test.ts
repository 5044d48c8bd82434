import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { monthsFrom } from './keeper.ts'
import { closed, lost, opened, restored, type GivenEvent, useSuppliedField } from './supplied-field.fixture.ts'

describe('the keeper of interruptions', function () {
  this.timeout(60_000)
  const field = useSuppliedField()
  const { told } = field

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

  it('does not believe what has no time of its own', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10, { quality: 'server-time' }), lost('m-a1-1-2', 10, { quality: 'invalid' }))
    assert.deepEqual(await field.texts(), [])
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
      const counted = await field.database.query(
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
