import assert from 'node:assert/strict'
import { placeOf, searchOf } from './place.ts'

describe('the address of the page of feeders', () => {
  it('says which feeder, which device and which view', () => {
    const place = { feederId: 'feeder-01', deviceId: 'ev-001', view: 'limits' } as const
    assert.equal(searchOf(place), '?feeder=feeder-01&device=ev-001&view=limits')
    assert.deepEqual(placeOf(searchOf(place)), place)
  })

  it('shows devices where it says nothing, or what there is not', () => {
    const nothing = { feederId: undefined, deviceId: undefined, view: 'devices' } as const
    assert.deepEqual(placeOf(''), nothing)
    assert.deepEqual(placeOf('?view=moon'), nothing)
    assert.equal(searchOf(nothing), '')
  })
})
