import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { interruptionsById } from './interruption-repository.ts'
import { closed, lost, opened, restored, useSuppliedField } from './supplied-field.fixture.ts'

describe('interruptions that units are in', function () {
  this.timeout(60_000)
  const field = useSuppliedField()
  const { told } = field

  it('restores step by step through a tie: one event, and the last to wait keep the number', async () => {
    field.keeper()
    await told(opened('fa', 10))
    const [first] = await field.interruptions()
    assert.equal(first!.text, 'source fa 10-… ×12')
    const [stored] = await field.database.transaction((client) => interruptionsById(client, [first!.id]))
    assert.deepEqual([stored!.basis, stored!.until, stored!.units], ['model', null, 12])
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

  it('tells a transformer also where more of one of its units is told at once', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10), restored('m-a1-1-1', 20))
    await told(lost('m-a1-1-2', 10.05), restored('m-a1-1-2', 20.05), lost('m-a1-1-1', 300), restored('m-a1-1-1', 310))
    assert.deepEqual(await field.texts(), ['transformer a1-1 10-20.05 ×2', 'unit a1-1-1 300-310 ×1'])
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

  it('a section stays one where, in the commit that restores it, a unit that had been back before tells of something later', async () => {
    field.keeper()
    await told(lost('m-a1-1-1', 10), lost('m-a1-1-2', 10), lost('m-a1-2-1', 10))
    await told(restored('m-a1-2-1', 50))
    await told(
      ...[restored('m-a1-1-1', 50), restored('m-a1-1-2', 50)],
      ...[lost('m-a1-2-1', 70), restored('m-a1-2-1', 75)],
    )
    assert.deepEqual(await field.texts(), ['section a1 10-50 ×3', 'unit a1-2-1 70-75 ×1'])
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
})
