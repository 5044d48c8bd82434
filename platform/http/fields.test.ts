import assert from 'node:assert/strict'
import fc from 'fast-check'
import { closed } from './schemas.ts'
import { IdentifierParameter, instantOrNull, InstantParameter, OneOf, rounded, roundedOrNull } from './fields.ts'

describe('numbers as they go out', () => {
  for (const [value, digits, shown] of [
    [0.1 + 0.2, undefined, 0.3],
    [1_234.567_890_4, undefined, 1_234.56789],
    [2.345, 2, 2.35],
    [-0.000_000_1, undefined, 0],
    [-12.5, 0, -12],
  ] as const)
    it(`${value} is ${shown}`, () =>
      assert.ok(Object.is(rounded(value, digits), shown), String(rounded(value, digits))))

  it('are at most half a digit away (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) =>
        assert.ok(Math.abs(rounded(value, 3) - value) <= 0.000_500_1),
      ),
    )
  })

  it('stay absent where they are', () => {
    assert.deepEqual([roundedOrNull(null), instantOrNull(null)], [null, null])
    assert.deepEqual([roundedOrNull(1.5), instantOrNull(0)], [1.5, '1970-01-01T00:00:00.000Z'])
  })
})

describe('fields of routes', () => {
  it('are in the document as plain JSON Schema', () => {
    assert.deepEqual(closed(OneOf(['a', 'b'], 'which')), { type: 'string', enum: ['a', 'b'], description: 'which' })
    assert.equal(closed(InstantParameter('when')).format, 'date-time')
    const identifier = closed(IdentifierParameter('the device', 'pv-001'))
    assert.ok(new RegExp(identifier.pattern as string).test('pv-001'))
    assert.deepEqual(identifier.examples, ['pv-001'])
  })
})
