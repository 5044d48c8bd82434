import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { sourcesAmong } from './loss-repository.ts'
import { lossesFrom } from './section-repository.ts'
import { closed, opened, useSuppliedField } from './supplied-field.fixture.ts'

describe('when sections were without supply', function () {
  this.timeout(60_000)
  const field = useSuppliedField()
  const { told } = field

  it('takes back what turns out otherwise: what nobody was in is void', async () => {
    field.keeper()
    await told(opened('sw-a3', 10), closed('sw-a3', 40))
    const [first] = await field.interruptions()
    // It had been supplied from the other side all along.
    await told(closed('tie', 5))
    assert.deepEqual(await field.texts(), [])
    const withdrawn = await field.database.query('select from unit_interruption_withdrawn')
    assert.equal(withdrawn.length, 4)
    await told(opened('tie', 8))
    const [again] = await field.interruptions()
    assert.deepEqual([again!.text, again!.id], ['switch sw-a3 10-40 ×4', first!.id])
  })

  it('has units out that lose one phase, by the phases they have', async () => {
    await field.database.query(`update consumer_unit set phases = 'BC' where unit_id = 'a3-1-1'`)
    field.keeper()
    await told(opened('sw-a3', 10, 'A'), closed('sw-a3', 20, 'A'))
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×3'])
    await field.database.query(`update consumer_unit set phases = 'ABC' where unit_id = 'a3-1-1'`)
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 10-20 ×4'])
  })

  it('is known by section, with what took it and the root of the event', async () => {
    field.keeper()
    await told(opened('fa', 10), opened('sw-a2', 20), closed('tie', 30))
    const losses = await field.database.transaction((client) => lossesFrom(client, 0))
    assert.deepEqual(
      losses.map(({ sectionId, elementId, root, until }) => [sectionId, elementId, root.elementId, until !== null]),
      [
        ['a1', 'fa', 'fa', false],
        ['a2', 'fa', 'fa', true],
        ['a3', 'fa', 'fa', true],
      ],
    )
    const sources = await field.database.transaction((client) => sourcesAmong(client, ['fa', 'sw-a2']))
    assert.deepEqual([...sources], ['fa'])
  })
})
