import assert from 'node:assert/strict'
import fc from 'fast-check'
import { placeOfJsonFault } from './json-fault.ts'

describe('the place where a text stops being JSON', () => {
  for (const [text, line, column] of [
    ['', 1, 1],
    ['[\n<<<<<<< HEAD\n]', 2, 1],
    ['[\n  { "id": "a",, }\n]', 2, 15],
    ['[\n  { "id": "a"', 2, 14],
    ['[1, 2,]', 1, 7],
    ['{"a" 1}', 1, 6],
    ['{"a": "b\nc"}', 1, 7],
    ['[]\n]', 2, 1],
    ['{a: 1}', 1, 2],
    ['[01]', 1, 3],
    ['[tru]', 1, 2],
  ] as const) {
    it(`${JSON.stringify(text)} stops at ${line}:${column}`, () =>
      assert.deepEqual(placeOfJsonFault(text), { line, column }))
  }

  it('is the end of whatever is JSON, and the strange character in it otherwise (property)', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        assert.deepEqual(placeOfJsonFault(json), { line: 1, column: json.length + 1 })
        const spaced = JSON.stringify(JSON.parse(json), null, 2)
        const lines = `${spaced}\n@`.split('\n').length
        assert.deepEqual(placeOfJsonFault(`${spaced}\n@`), { line: lines, column: 1 })
      }),
    )
  })
})
