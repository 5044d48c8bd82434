import assert from 'node:assert/strict'
import { readSessions, sessionsOf } from './sessions.ts'

const session = {
  ...{ id: 's-1', arrival: '2019-03-04T08:12:00-08:00', departure: '2019-03-04T16:30:00-08:00' },
  ...{ energyKwh: 12.5, maxKw: 6.6 },
}
const read = (...bodies: unknown[]) => sessionsOf(JSON.stringify(bodies), 'acn.json', ['town-00', 'town-01'])

describe('sessions of a file', () => {
  it('are read with what is optional left out or given, and come by arrival', () => {
    const earlier = {
      ...{ ...session, id: 's-0', arrival: Date.UTC(2019, 2, 4, 15), departure: Date.UTC(2019, 2, 4, 16) },
      ...{ phase: 'AB', feederId: 'town-01' },
    }
    const [first, second] = read(session, earlier)
    assert.deepEqual(first, earlier)
    assert.deepEqual(second, {
      ...session,
      ...{ arrival: Date.UTC(2019, 2, 4, 16, 12), departure: Date.UTC(2019, 2, 5, 0, 30) },
    })
  })

  for (const [change, message] of [
    [{ id: 'a b' }, '[0].id is "a b": must be letters, digits and _ . : -, 64 at most'],
    [{ arrival: undefined }, '[0].arrival is missing'],
    [
      { arrival: '2019-03-04T08:12:00' },
      '[0].arrival is "2019-03-04T08:12:00": must be ISO 8601 with offset, or epoch milliseconds',
    ],
    [{ departure: '2019-03-04T08:12:00-08:00' }, '[0].departure is "2019-03-04T08:12:00-08:00": must be after arrival'],
    [{ energyKwh: 0 }, '[0].energyKwh is 0: must be above 0, at most 10000'],
    [{ energyKwh: '12' }, '[0].energyKwh is "12": must be above 0, at most 10000'],
    [{ maxKw: -1 }, '[0].maxKw is -1: must be above 0, at most 1000'],
    [{ phase: 'BA' }, '[0].phase is "BA": must be A, B, C or several of them, as ABC'],
    [{ phase: '' }, '[0].phase is "": must be A, B, C or several of them, as ABC'],
    [{ feederId: 'town-09' }, '[0].feederId is "town-09": must be one of town-00, town-01'],
    [{ kwh: 3 }, '[0].kwh is 3: it takes id, arrival, departure, energyKwh, maxKw, phase, feederId'],
  ] as const)
    it(`are refused: ${message}`, () =>
      assert.throws(() => read({ ...session, ...change }), {
        name: 'UsageError',
        message: `--sessions acn.json: ${message}`,
      }))

  for (const [text, message] of [
    ['{}', '{} must be an array of sessions'],
    ['[]', '0 sessions: it takes 1 to 200000'],
    ['[3]', '[0] is 3: it takes {id, arrival, departure, energyKwh, maxKw, phase?, feederId?}'],
  ] as const)
    it(`are refused: ${text}`, () =>
      assert.throws(() => sessionsOf(text, 'acn.json'), {
        name: 'UsageError',
        message: `--sessions acn.json: ${message}`,
      }))

  it('are refused where two have the same name, where it is no JSON, and where there is no file', () => {
    assert.throws(() => read(session, session), { message: '--sessions acn.json: [1].id s-1 is there twice' })
    assert.throws(() => sessionsOf('[', 'acn.json'), { message: /^--sessions acn\.json: not JSON: / })
    assert.throws(() => readSessions('/nowhere/acn.json'), {
      message: /^--sessions \/nowhere\/acn\.json: cannot be read: ENOENT/,
    })
  })
})
