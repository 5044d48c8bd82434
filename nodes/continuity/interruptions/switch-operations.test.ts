import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { listOperations } from './operation-repository.ts'
import { opened, useSuppliedField } from './supplied-field.fixture.ts'

describe('operations of switches', function () {
  this.timeout(60_000)
  const field = useSuppliedField()
  const { told } = field

  it('learns from readings that a switch was turned', async () => {
    field.keeper()
    await field.store([], [{ switchId: 'sw-a3', at: 1, position: 'closed' }])
    await field.store([], [{ switchId: 'sw-a3', at: 11, position: 'intermediate' }])
    await field.store([], [{ switchId: 'sw-a3', at: 12, position: 'open' }])
    await field.store([opened('sw-a3', 11.5)], [{ switchId: 'sw-a3', at: 31, position: 'closed' }])
    await field.settled()
    assert.deepEqual(await field.texts(), ['switch sw-a3 11.5-31 ×4'])
  })

  it('are put right where an event of one phase comes late', async () => {
    field.keeper()
    await told(opened('sw-a3', 20, 'B'))
    await told(opened('sw-a3', 10, 'A'))
    const operations = await listOperations(field.database, { switchId: 'sw-a3' }, { before: undefined, limit: 10 })
    assert.deepEqual(
      operations.map(({ closed: phases }) => phases),
      ['C', 'BC'],
    )
  })
})
