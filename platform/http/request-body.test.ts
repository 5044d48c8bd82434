import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { isDeeperThan } from './request-body.ts'

describe('JSON that is nested too deep', () => {
  for (const [levels, text, expected] of [
    [1, '[1]', false],
    [1, '[[1]]', true],
    [1, '["[[["]', false],
    [1, '["\\"[[["]', false],
    [1, '[1],[2],[3]', false],
    [2, '{"a":{"b":1}}', false],
    [2, '{"a":{"b":[]}}', true],
  ] as const)
    it(`${text} is ${expected ? '' : 'not '}deeper than ${levels}`, () =>
      assert.equal(isDeeperThan(levels, text), expected))

  it('is told apart from the text, whatever the JSON (property)', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, levels) => {
        assert.equal(isDeeperThan(levels, JSON.stringify(value)), depthOf(value) > levels)
      }),
    )
  })
})
