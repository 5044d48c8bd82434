import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { Identifier, isIdentifier, PhaseQuantity, Quantity, Text, Timestamp } from './fields.ts'
import { Type, type TSchema } from '@sinclair/typebox'

const ajv = new Ajv({ allowUnionTypes: true })
const accepts = (schema: TSchema, value: unknown): boolean => ajv.compile(schema)(value)

describe('an identifier', () => {
  for (const [text, fits] of [
    ['pv-001', true],
    ['A', true],
    ['7', true],
    ['a_b.c:d-e', true],
    ['a'.repeat(64), true],
    ['', false],
    ['a'.repeat(65), false],
    ['-a', false],
    ['a/b', false],
    ['a+', false],
    ['#', false],
    ['a b', false],
    ['são', false],
    ['a\0', false],
    ['a\n', false],
    ['__proto__', false],
  ] as const) {
    it(`${JSON.stringify(text).slice(0, 20)} ${fits ? 'is one' : 'is none'}`, () => {
      assert.equal(isIdentifier(text), fits)
      assert.equal(accepts(Identifier('the device'), text), fits)
    })
  }
})

describe('a quantity', () => {
  const volts = Quantity('V', 0, 60, 'DC voltage')

  for (const [value, fits] of [
    [0, true],
    [-0, true],
    [60, true],
    [59.999999999999, true],
    [60.000000001, false],
    [-0.1, false],
    [NaN, false],
    [Infinity, false],
    ['48', false],
    [null, false],
    [true, false],
    [[48], false],
  ] as const) {
    it(`${JSON.stringify(value)} (${typeof value}) is ${fits ? '' : 'not '}0 to 60 V`, () =>
      assert.equal(accepts(volts, value), fits))
  }

  it('of a phase may be null: the phase does not exist', () => {
    assert.ok(accepts(PhaseQuantity('V', 0, 60, 'phase A'), null))
    assert.ok(!accepts(PhaseQuantity('V', 0, 60, 'phase A'), 61))
  })
})

describe('free text', () => {
  const text = Text(10, 'location')
  for (const [value, fits] of [
    ['', true],
    ['Forro\tnº 3', true],
    ['☀️🏠', true],
    ['a'.repeat(11), false],
    ['a\0b', false],
    ['\ud83c', false],
    ['\udfe0', false],
  ] as const) {
    it(`${JSON.stringify(value)} is ${fits ? '' : 'not '}what a database can hold`, () =>
      assert.equal(accepts(text, value), fits))
  }
})

describe('a timestamp', () => {
  it('is text or a number, its meaning judged elsewhere', () => {
    for (const value of ['2026-11-21T12:00:00Z', 'yesterday', 0, -1, 1e300]) assert.ok(accepts(Timestamp, value))
    for (const value of [null, true, {}, [], 'x'.repeat(41)]) assert.ok(!accepts(Timestamp, value))
  })
  it('may be absent where it is optional', () => {
    assert.ok(accepts(Type.Object({ timestamp: Type.Optional(Timestamp) }), {}))
  })
})
