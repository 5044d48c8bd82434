import assert from 'node:assert/strict'
import { BadObject, readEvent, readProgram, readToken } from './objects.ts'

const event = {
  ...{ id: 'e-1', objectType: 'EVENT', programID: 'p_1', createdDateTime: '2026-11-23T00:00:00Z', eventName: null },
  ...{ targets: ['f-1'], duration: 'P9999Y', priority: 0, reportDescriptors: null },
  payloadDescriptors: [{ objectType: 'EVENT_PAYLOAD_DESCRIPTOR', payloadType: 'PRICE', units: 'KWH', currency: 'BRL' }],
  intervalPeriod: { start: '2026-11-23T00:00:00Z', duration: 'PT1H', randomizeStart: null },
  intervals: [
    { id: 0, payloads: [{ type: 'PRICE', values: [0.9] }] },
    { id: 1, payloads: [{ type: 'CURVE', values: [{ x: 1, y: 2 }, 'text', true] }] },
  ],
}
const fault = (reader: (value: unknown) => unknown, value: unknown): string => {
  try {
    reader(value)
  } catch (error) {
    assert.ok(error instanceof BadObject)
    return error.message
  }
  throw new Error('it was taken')
}

describe('what a VTN says', () => {
  it('is taken with null for what is optional, and with what nobody knows', () => {
    assert.deepEqual(readEvent({ ...event, ownExtension: { of: 'theirs' } }).intervals!.length, 2)
    assert.equal(readProgram({ id: 'p1', programName: 'x', retailerName: null }).programName, 'x')
  })

  for (const [what, of, message] of [
    ['an id that is no path', { id: 'a/b' }, /^id is "a\/b": it must match pattern/],
    ['no program', { programID: undefined }, /^programID is missing$/],
    ['an interval without payloads', { intervals: [{ id: 0 }] }, /^intervals\.0\.payloads is missing$/],
    ['a duration that is none', { duration: 'an hour' }, /^duration is "an hour": it must match pattern/],
    [
      'values that are none',
      { intervals: [{ id: 0, payloads: [{ type: 'PRICE', values: 1 }] }] },
      /^intervals\.0\.payloads\.0\.values is 1: it must be array/,
    ],
    [
      'targets that are objects',
      { targets: [{ type: 'GROUP' }] },
      /^targets\.0 is \{"type":"GROUP"\}: it must be string/,
    ],
    [
      'more intervals than can be',
      { intervals: Array.from({ length: 2_001 }, () => event.intervals[0]) },
      /^intervals is .*NOT have more than 2000 items/,
    ],
    ['a name with what no database holds', { eventName: 'a\u0000' }, /^eventName is /],
    ['a priority below nothing', { priority: -1 }, /^priority is -1: it must be >= 0/],
  ] as const)
    it(`is refused for ${what}`, () => assert.match(fault(readEvent, { ...event, ...of }), message))

  for (const value of [null, 'x', 5, []])
    it(`is no event: ${JSON.stringify(value)}`, () => void fault(readEvent, value))

  it('is a token of type Bearer, however that is written', () => {
    assert.equal(readToken({ access_token: 'abc', token_type: 'bearer' }).access_token, 'abc')
    fault(readToken, { access_token: 'abc', token_type: 'mac' })
    fault(readToken, { access_token: 'a\r\nb', token_type: 'Bearer' })
    fault(readToken, { access_token: '', token_type: 'Bearer' })
  })
})
