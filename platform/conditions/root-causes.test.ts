import assert from 'node:assert/strict'
import { providedRootCauses, provideRootCauses, type RootCauses } from './root-causes.ts'

describe('root causes', () => {
  const causes: RootCauses = {
    kind: 'solar/eclipse',
    at: (_queries, places) => Promise.resolve(places.map(() => null)),
  }

  it('are those that areas tell of, once each, until they take it back', () => {
    const before = providedRootCauses()
    provideRootCauses(causes)
    const withdraw = provideRootCauses(causes)
    assert.deepEqual(providedRootCauses(), [...before, causes])
    withdraw()
    assert.deepEqual(providedRootCauses(), before)
  })
})
