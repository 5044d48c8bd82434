import assert from 'node:assert/strict'
import { pathOf } from './screen-path.ts'

describe('where a page of the console is', () => {
  it('is its path, with what it is to show', () => {
    assert.equal(pathOf('alarms'), '/dashboard/alarms')
    assert.equal(pathOf('feeders', { device: 'ev 1&2' }), '/dashboard/feeders?device=ev+1%262')
  })
})
