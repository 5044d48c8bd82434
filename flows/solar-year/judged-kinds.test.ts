import assert from 'node:assert/strict'
import { anomalyKinds } from '../../nodes/solar/domain/detectors/anomaly.ts'
import { faultKinds } from '../../simulator/plant/fault-kinds.ts'
import { nameOf } from './judged-kinds.ts'

describe('the names of faults', () => {
  it('are names that detectors have, another one for each kind', () => {
    const names = faultKinds.map((kind) => nameOf[kind])
    assert.equal(new Set(names).size, faultKinds.length)
    for (const name of names) assert.ok(anomalyKinds.includes(name), name)
  })
})
