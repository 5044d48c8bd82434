import assert from 'node:assert/strict'
import fc from 'fast-check'
import { instantSlots, lineOf, pointTime, seriesKey, type FieldValue } from './line-protocol.ts'

interface Parsed {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, number | string | boolean>
  time: string
}

/** Splits at a separator that no backslash precedes and that stands in no quotes. */
function split(text: string, separator: string, most = Infinity): string[] {
  const parts = ['']
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (character === '\\' && i + 1 < text.length) parts[parts.length - 1] += character + text[++i]!
    else if (character === separator && !quoted && parts.length < most) parts.push('')
    else {
      if (character === '"') quoted = !quoted
      parts[parts.length - 1] += character
    }
  }
  return parts
}

/** Line protocol as its reference describes it, read the other way round. */
function parse(line: string): Parsed {
  // Quotes mean nothing before the fields.
  const end = /(?:\\.|[^\\ ])*/s.exec(line)![0].length
  const [head, tail] = [line.slice(0, end), line.slice(end + 1)]
  const [measurement, ...tags] = split(head.replaceAll('"', '\u{e000}'), ',').map((part) =>
    part.replaceAll('\u{e000}', '"'),
  )
  const [fields, time] = split(tail, ' ')
  const plain = (text: string): string => text.replaceAll(/\\([,= ])/g, '$1')
  const pair = (text: string): [string, string] => {
    const [name, value] = split(text.replaceAll('"', '\u{e000}'), '=', 2).map((part) =>
      part.replaceAll('\u{e000}', '"'),
    )
    return [plain(name!), value!]
  }
  const valueOf = (text: string): number | string | boolean => {
    if (text.startsWith('"')) return text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
    return text === 'true' ? true : text === 'false' ? false : Number(text)
  }
  return {
    measurement: plain(measurement!),
    tags: Object.fromEntries(tags.map(pair).map(([name, value]) => [name, plain(value)])),
    fields: Object.fromEntries(
      split(fields!, ',')
        .map((field) => pair(field))
        .map(([name, value]) => [name, valueOf(value)]),
    ),
    time: time!,
  }
}

describe('line protocol', () => {
  it('puts a reading into words as the reference has them', () => {
    assert.equal(
      lineOf(
        seriesKey('der', { type: 'pv', device: 'pv-001', feeder: 'feeder-01', site: undefined }),
        ['p_actual_kw', 'soc', 'quality', 'closed'],
        [-3.25, null, 'good', true],
        pointTime(1_795_262_400_123),
      ),
      'der,device=pv-001,feeder=feeder-01,type=pv p_actual_kw=-3.25,quality="good",closed=true 1795262400123000000',
    )
  })

  it('escapes what has a meaning of its own', () => {
    assert.equal(seriesKey('a b,c', { 'k=1': 'x, y=z' }), 'a\\ b\\,c,k\\=1=x\\,\\ y\\=z')
    assert.equal(lineOf('m', ['cause'], ['say "no" \\ twice'], '1'), 'm cause="say \\"no\\" \\\\ twice" 1')
  })

  it('has no point without a field', () => {
    assert.equal(lineOf('m', ['a', 'b', 'c'], [null, undefined, NaN], '1'), undefined)
    assert.equal(lineOf('m', ['a', 'b'], [Infinity, 0], '1'), 'm b=0 1')
  })

  it('keeps apart the points of one series and millisecond, and their order in time', () => {
    assert.equal(pointTime(1_795_262_400_123, 7), '1795262400123000007')
    const times = [0, 1, instantSlots - 1].map((slot) => BigInt(pointTime(5, slot)))
    assert.ok(times[2]! < BigInt(pointTime(6)))
    assert.equal(new Set(times).size, 3)
  })

  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '')
  const field = fc.stringMatching(/^[a-z_]{1,10}$/)
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\n/.test(text)),
  )

  it('comes back as it went, whatever it says (property)', () => {
    fc.assert(
      fc.property(
        name,
        fc.dictionary(name, name, { maxKeys: 4, noNullPrototype: true }),
        fc.dictionary(field, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 0, max: instantSlots - 1 }),
        (measurement, tags, fields, at, slot) => {
          const carried = (text: string): string => text.replaceAll(/[\0-\x1f\x7f]/g, ' ').replace(/\\+$/, '/')
          const time = pointTime(at, slot)
          const line = lineOf(
            seriesKey(measurement, tags),
            Object.keys(fields),
            Object.values<FieldValue>(fields),
            time,
          )
          const expected: Parsed = {
            measurement: carried(measurement),
            tags: Object.fromEntries(
              Object.keys(tags)
                .toSorted()
                .map((tag) => [carried(tag), carried(tags[tag]!)]),
            ),
            fields: Object.fromEntries(Object.entries(fields).map(([key, was]) => [key, Object.is(was, -0) ? 0 : was])),
            time,
          }
          assert.deepEqual(parse(line!), expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})
