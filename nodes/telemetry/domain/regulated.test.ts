import assert from 'node:assert/strict'
import { topicOf } from '../../../platform/wire/contract.ts'
import { isRegulated } from './regulated.ts'

describe('what indicators of the regulator rest on', () => {
  for (const kind of ['meter', 'switch', 'event'] as const)
    it(`is a ${kind}, as it came and as it travelled`, () => {
      assert.ok(isRegulated(topicOf(kind, 'x-1')))
      assert.ok(isRegulated(kind))
    })

  for (const topic of [
    topicOf('der', 'x-1'),
    topicOf('panel', 'x-1'),
    topicOf('status', 'x-1'),
    'der',
    'weather/today',
    'meters',
  ])
    it(`is not ${topic}`, () => assert.ok(!isRegulated(topic)))
})
