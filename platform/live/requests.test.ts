import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { readRequest } from './requests.ts'

const refusalOf = (said: unknown): string => {
  const answer = readRequest(typeof said === 'string' ? said : JSON.stringify(said))
  assert.equal(answer.type, 'error')
  return answer.type === 'error' ? `${answer.code}: ${answer.detail}` : ''
}

describe('what a client says', () => {
  it('is taken as it is when it is right', () => {
    const resume = { epoch: 'e', version: 7 }
    const filter = { feederId: 'f-1', keys: ['a'] }
    const said = { type: 'subscribe', topic: 'devices', ref: 3, maxHz: 0.5, filter, resume }
    assert.deepEqual(readRequest(JSON.stringify(said)), said)
    assert.deepEqual(readRequest('{"type":"unsubscribe","topic":"alarms"}'), { type: 'unsubscribe', topic: 'alarms' })
  })

  for (const [said, why] of [
    ['{', 'bad_message: not JSON: "{"'],
    ['null', 'bad_message: not an object: null'],
    [{ type: 'publish' }, 'bad_message: type: "publish" is neither subscribe nor unsubscribe'],
    [
      { type: 'subscribe', topic: 'secrets' },
      'unknown_topic: topic: "secrets" is none of devices, feeders, voltage, interruptions, continuity, alarms, commands, control, solar',
    ],
    [{ type: 'subscribe' }, 'bad_message: topic is missing'],
    [{ type: 'subscribe', topic: 'devices', maxHz: 11 }, 'bad_message: maxHz: 11 must be <= 10'],
    [{ type: 'subscribe', topic: 'devices', maxHz: 0.01 }, 'bad_message: maxHz: 0.01 must be >= 0.1'],
    [{ type: 'subscribe', topic: 'devices', filter: { feeder: 'f' } }, 'bad_message: filter.feeder is not known'],
    [{ type: 'subscribe', topic: 'devices', resume: { epoch: 'e' } }, 'bad_message: resume.version is missing'],
    [
      { type: 'subscribe', topic: 'devices', resume: { epoch: 'e', version: -1 } },
      'bad_message: resume.version: -1 must be >= 0',
    ],
    [
      { type: 'subscribe', topic: 'devices', filter: { keys: Array.from({ length: 501 }, String) } },
      /^bad_message: filter.keys: .{0,70} must NOT have more than 500 items$/,
    ],
  ] as const) {
    it(`is refused in a line: ${JSON.stringify(said).slice(0, 60)}`, () => {
      const refusal = refusalOf(said)
      if (typeof why === 'string') assert.equal(refusal, why)
      else assert.match(refusal, why)
    })
  }

  it('has its number again in the refusal', () => {
    const answer = readRequest('{"type":"subscribe","topic":"x","ref":12}')
    assert.equal(answer.ref, 12)
  })

  it('never throws, whatever it is, and a refusal is short (property)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (said) => {
        const answer = readRequest(said)
        assert.ok(answer.type !== 'error' || answer.detail.length < 300)
      }),
    )
  })
})
