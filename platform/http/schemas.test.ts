import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { answerCheck } from './request-check.ts'
import { closed, type JsonSchema } from './schemas.ts'

describe('a schema', () => {
  it('has no other properties than it names, however deep', () => {
    const check = answerCheck(
      Type.Object({ items: Type.Array(Type.Object({ a: Type.Number() })), any: Type.Optional(Type.Unknown()) }),
    )
    assert.equal(check({ items: [{ a: 1 }], any: { b: 1 } }), undefined)
    assert.match(check({ items: [{ a: 1, b: 1 }] })!, /^\/items\/0 .*"b"/)
    assert.match(check({ items: [], b: 1 })!, /"b"/)
  })

  it('leaves open what is open by intent', () => {
    assert.equal(answerCheck(Type.Record(Type.String(), Type.Number()))({ any: 1 }), undefined)
    assert.equal(
      answerCheck(Type.Object({ a: Type.Number() }, { additionalProperties: true }))({ a: 1, b: 1 }),
      undefined,
    )
  })

  it('has as an intersection the properties of all its parts, and no others', () => {
    const check = answerCheck(Type.Intersect([Type.Object({ a: Type.Number() }), Type.Object({ b: Type.Number() })]))
    assert.equal(check({ a: 1, b: 2 }), undefined)
    assert.match(check({ a: 1, b: 2, c: 3 })!, /"c"/)
  })

  it('shows a choice of literals as what may be chosen', () => {
    const choice = Type.Union([Type.Literal('up'), Type.Literal('down')], { description: 'or' })
    assert.deepEqual(closed(choice), { description: 'or', type: 'string', enum: ['up', 'down'] })
    assert.ok('anyOf' in closed(Type.Union([Type.Literal('up'), Type.Null()])))
  })

  it('stands under its name once, and is referred to', () => {
    const device = Type.Object({ id: Type.String() }, { $id: 'Device' })
    const named = new Map<string, JsonSchema>()
    const list = closed(Type.Array(device), named)
    closed(device, named)
    assert.deepEqual(list.items, { $ref: '#/components/schemas/Device' })
    assert.deepEqual([...named.keys()], ['Device'])
    assert.throws(() => closed(Type.Object({}, { $id: 'Device' }), named), /two different schemas have the \$id Device/)
    assert.ok(!JSON.stringify(closed(Type.Array(device))).includes('$ref'))
  })
})
