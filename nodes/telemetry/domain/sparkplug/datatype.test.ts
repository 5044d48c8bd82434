import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readValue } from './datatype.ts'
import { datatypes } from './plant.fixture.ts'

const bits = { 1: 8, 2: 16, 3: 32, 4: 64, 5: 8, 6: 16, 7: 32, 8: 64 } as const

describe('a value, by its data type (tck-id-payloads-metric-datatype-value)', () => {
  for (const [name, datatype, sent, read] of [
    ['Int8 -1 in its own width', 1, 0xffn, -1],
    ['Int8 -1 in 32 bits', 1, 0xffffffffn, -1],
    ['Int8 -128', 1, 0x80n, -128],
    ['Int8 127', 1, 127n, 127],
    ['Int16 -2', 2, 0xfffen, -2],
    ['Int16 -2 in 32 bits', 2, 0xfffffffen, -2],
    ['Int32 -5', 3, 0xfffffffbn, -5],
    ['Int32 -5 in the field of 64 bits', 3, 0xfffffffffffffffbn, -5],
    ['Int32 2147483647', 3, 2147483647n, 2147483647],
    ['Int64 -1', 4, 0xffffffffffffffffn, -1],
    ['Int64 9007199254740991', 4, 9007199254740991n, 9007199254740991],
    ['UInt8 255', 5, 255n, 255],
    ['UInt16 65535', 6, 65535n, 65535],
    ['UInt32 4294967295, never negative', 7, 4294967295n, 4294967295],
    ['UInt64 above what a number holds exactly', 8, 0xffffffffffffffffn, 2 ** 64],
    ['DateTime', 13, 1_795_186_800_000n, 1_795_186_800_000],
    ['Float 127.1, as the meter said it', 9, Math.fround(127.1), 127.1],
    ['Float 0.1', 9, Math.fround(0.1), 0.1],
    ['Float with all its digits', 9, Math.fround(16777217.5), 16777218],
    ['Double', 10, 127.1, 127.1],
    ['Double NaN, for the contract to refuse', 10, NaN, NaN],
    ['Boolean', 11, false, false],
    ['String', 12, 'rms', 'rms'],
    ['Text', 14, '', ''],
    ['UUID', 15, '7f', '7f'],
    ['null of any type', 7, null, null],
  ] as const) {
    it(`${name}`, () => assert.equal(readValue(sent, datatype), read))
  }

  for (const [name, datatype, sent] of [
    ['300 is no Int8', 1, 300n],
    ['0x1ff is no Int8', 1, 0x1ffn],
    ['256 is no UInt8', 5, 256n],
    ['2^32 is no UInt32', 7, 2n ** 32n],
    ['a Double is no Int32', 3, 1.5],
    ['an integer is no Float', 9, 1n],
    ['a word is no Boolean', 11, 'true'],
    ['a number is no String', 12, 3n],
    ['a structure is no Double', 10, { unsupported: true }],
    ['nothing is no Double', 10, undefined],
  ] as const) {
    it(name, () => {
      const read = readValue(sent, datatype)
      assert.match((read as { fault: string }).fault, new RegExp(`is no value of data type ${datatype}$`))
    })
  }

  for (const datatype of [0, datatypes.DataSet, 17, 18, datatypes.Template, 20, 21, 22, 34, 99])
    it(`no reading has data type ${datatype}`, () =>
      assert.equal(readValue({ unsupported: true }, datatype), undefined))

  it('of an integer is the one that was encoded, in any width that holds it (property)', () => {
    const type = fc.constantFrom(...(Object.keys(bits).map(Number) as (keyof typeof bits)[]))
    fc.assert(
      fc.property(type, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (datatype, any) => {
        const width = bits[datatype]
        const value = datatype <= 4 ? BigInt.asIntN(width, any) : BigInt.asUintN(width, any)
        for (const field of [32, 64].filter((size) => size >= width))
          assert.equal(readValue(BigInt.asUintN(field, value), datatype), Number(value))
      }),
    )
  })

  it('of a Float is a decimal that is the same Float (property)', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // Minus zero is zero.
        assert.equal(Math.fround(readValue(value, datatypes.Float) as number) + 0, value + 0)
      }),
    )
  })
})
