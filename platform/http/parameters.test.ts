import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { readInstants, readParameters } from './parameters.ts'
import { closed } from './schemas.ts'

const schema = closed(
  Type.Object({
    limit: Type.Integer({ default: 100 }),
    ratio: Type.Number(),
    physical: Type.Boolean(),
    kind: Type.Array(Type.String(), { default: [] }),
    minutes: Type.Array(Type.Integer()),
    last: Type.Union([Type.Integer(), Type.Literal('all')]),
    version: Type.Union([Type.Literal(1), Type.Literal(2)]),
    from: Type.String({ format: 'date-time' }),
  }),
)
const read = (written: Record<string, string[]>) => ({ ...readParameters(new Map(Object.entries(written)), schema) })

describe('parameters', () => {
  it('are read by their schema', () => {
    assert.deepEqual(
      read({
        limit: ['7'],
        ratio: ['-1.5e2'],
        physical: ['false'],
        kind: ['der'],
        minutes: ['1', '2'],
        last: ['5'],
        version: ['2'],
      }),
      { limit: 7, ratio: -150, physical: false, kind: ['der'], minutes: [1, 2], last: 5, version: 2 },
    )
    assert.equal(read({ last: ['all'] }).last, 'all')
  })

  it('have their defaults, and none shares its array with another request', () => {
    assert.deepEqual(read({}), { limit: 100, kind: [] })
    assert.notEqual(read({}).kind, read({}).kind)
  })

  it('stay the text they are where that is none of theirs', () => {
    for (const [name, text] of [
      ['limit', '1.5'],
      ['limit', ' 1'],
      ['limit', '0x1'],
      ['limit', ''],
      ['ratio', 'NaN'],
      ['ratio', 'Infinity'],
      ['physical', '1'],
      ['physical', 'TRUE'],
      ['last', 'some'],
    ] as const)
      assert.equal(read({ [name]: [text] })[name], text)
    assert.deepEqual(read({ limit: ['1', '2'] }).limit, ['1', '2'])
  })

  it('become UTC ms where they are instants, also with a + that arrived as a space', () => {
    for (const text of ['2026-11-21T12:00:00-03:00', '2026-11-21T16:00:00 01:00', '2026-11-21T15:00:00Z']) {
      const parameters = read({ from: [text] })
      readInstants(parameters, schema)
      assert.equal(parameters.from, Date.UTC(2026, 10, 21, 15))
    }
  })
})
