import assert from 'node:assert/strict'
import { kindNamed, labelOf } from './labels.ts'

describe('labels of a file', () => {
  for (const text of ['', '0', 'False', 'no', ' normal ', 'NaN', '0.0'])
    it(`"${text}" is well`, () => assert.equal(labelOf(text), undefined))
  for (const text of ['1', 'TRUE', 'yes', 'anomaly', '1.0'])
    it(`"${text}" is amiss`, () => assert.equal(labelOf(text), 'anomaly'))

  it('others are kinds', () => {
    assert.deepEqual(['Hot spot', 'string-open', '2'].map(labelOf), ['hot_spot', 'string_open', '2'])
    assert.deepEqual(['hot_spot', 'stuck_sensor', 'dead_panel', 'anomaly', 'toString'].map(kindNamed), [
      'hot_spot',
      'stuck_value',
      'zero_output',
      undefined,
      undefined,
    ])
  })
})
