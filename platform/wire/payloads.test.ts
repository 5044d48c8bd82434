import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { contractExamples } from './examples.ts'
import { fieldContract, type FieldMessageKind } from './contract.ts'

const ajv = new Ajv({ strict: true, allowUnionTypes: true })
const checks = Object.fromEntries(
  Object.entries(fieldContract).map(([kind, { schema }]) => [kind, ajv.compile(schema)]),
)
const sound = (kind: FieldMessageKind): Record<string, unknown> => {
  const example = contractExamples.find((one) => one.kind === kind && !Array.isArray(one.payload))
  return structuredClone(example?.payload) as Record<string, unknown>
}

describe('every schema of the contract', () => {
  for (const [kind, { schema }] of Object.entries(fieldContract) as [
    FieldMessageKind,
    (typeof fieldContract)['der'],
  ][]) {
    it(`${kind}: wants each of its required fields`, () => {
      for (const field of schema.required ?? []) {
        const body = sound(kind)
        delete body[field]
        assert.equal(checks[kind]!(body), false, `${field} may be absent`)
      }
    })

    it(`${kind}: refuses null, a list and an object where a field is a word or a number`, () => {
      for (const [field, property] of Object.entries(schema.properties) as [string, { type?: string }][]) {
        for (const value of [{ a: 1 }, [[1]], true, false]) {
          if (property.type === 'object' || (property.type === 'boolean' && typeof value === 'boolean')) continue
          assert.equal(
            checks[kind]!({ ...sound(kind), [field]: value }),
            false,
            `${field} took ${JSON.stringify(value)}`,
          )
        }
      }
    })

    it(`${kind}: does not mind fields that it does not know`, () => {
      assert.ok(checks[kind]!({ ...sound(kind), vendor_extension: { anything: [1, null] } }))
    })
  }

  it('phases are named once, in order, and at least one', () => {
    for (const phases of ['A', 'B', 'C', 'AB', 'AC', 'BC', 'ABC'])
      assert.ok(checks['event']!({ ...sound('event'), phases }))
    for (const phases of ['', 'BA', 'AA', 'D', 'abc', 'A B'])
      assert.ok(!checks['event']!({ ...sound('event'), phases }))
  })
})
