import assert from 'node:assert/strict'
import { labelsOf } from './fault-kinds.ts'

describe('labels of faults', () => {
  it('are one a panel, with the number of the cause that they share', () => {
    const labels = labelsOf([{ episode: 7, panelIds: ['a', 'b'], from: 1, to: 2, size: { kind: 'string_open' } }])
    const common = { kind: 'string_open', from: 1, to: 2, episode: 7 }
    assert.deepEqual(labels, [
      { panelId: 'a', ...common },
      { panelId: 'b', ...common },
    ])
  })
})
