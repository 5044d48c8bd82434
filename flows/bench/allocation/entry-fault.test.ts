import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { BadFile, readEntries } from './entry-fault.ts'

const File = Type.Array(
  Type.Object({ name: Type.String(), kw: Type.Number({ minimum: 0 }) }, { additionalProperties: false }),
  { minItems: 1 },
)
const bad = (text: string): string => {
  try {
    readEntries('a.json', text, File)
  } catch (error) {
    assert.ok(error instanceof BadFile)
    return error.message
  }
  throw new Error('it was taken')
}

describe('entries of a file', () => {
  it('are taken as they are', () =>
    assert.deepEqual(readEntries('a.json', '[{"name":"x","kw":1}]', File), [{ name: 'x', kw: 1 }]))

  it('are refused by index, field and value', () => {
    assert.match(bad('[{"name":"x","kw":1},{"name":"y","kw":-2}]'), /^a\.json\[1\]\.kw is -2: it must be >= 0$/)
    assert.match(bad('[{"name":5,"kw":1}]'), /^a\.json\[0\]\.name is 5: it must be string$/)
    assert.match(bad('[{"kw":1}]'), /^a\.json\[0\]\.name is missing$/)
    assert.match(bad('[{"name":"x","kw":1,"user":"me"}]'), /^a\.json\[0\]\.user is not taken$/)
    assert.match(bad('{"name":"x"}'), /^a\.json is \{"name":"x"\}: it must be array$/)
    assert.match(bad('[]'), /^a\.json is \[\]: it must NOT have fewer than 1 items$/)
    assert.match(bad('[null]'), /^a\.json\[0\] is null: it must be object$/)
  })

  it('of what is no JSON are none', () => assert.match(bad('[{]'), /^a\.json is no JSON: /))
})
