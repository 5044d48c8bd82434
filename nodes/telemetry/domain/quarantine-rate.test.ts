import assert from 'node:assert/strict'
import { floodLimit, intakeSince, tallyKey, type QuarantineTally } from './quarantine-rate.ts'

describe('what goes into quarantine in ten minutes', () => {
  const since = 100 * 86_400_000
  const windowMs = 600_000
  const tally = (reason: string, deviceId: string | null, count: number, firstAt = since - 1): QuarantineTally => ({
    ...{ reason, deviceId, count, firstAt, feederId: null, unitId: null },
  })
  const intake = (tallies: QuarantineTally[], before: readonly (readonly [QuarantineTally, number])[] = []) =>
    intakeSince(tallies, new Map(before.map(([one, count]) => [tallyKey(one), count])), since, windowMs).map(
      ({ subject, reason, count, isOfClocks }) => [subject, reason, count, isOfClocks],
    )

  it('is what was counted since they began', () => {
    const bad = tally('bad_json', null, 130)
    assert.deepEqual(intake([bad], [[bad, 100]]), [['reason:bad_json', 'bad_json', 30, false]])
    assert.deepEqual(intake([bad], [[bad, 130]]), [])
  })
  it('is all of what was first counted meanwhile, and nothing of what slept before', () => {
    assert.deepEqual(intake([tally('bad_json', null, 5, since)]), [['reason:bad_json', 'bad_json', 5, false]])
    assert.deepEqual(intake([tally('bad_json', null, 5, since - 1)]), [])
  })
  it('is of a device for all reasons together, and names the most frequent one', () => {
    const tallies = [tally('bad_value', 'm-1', 3, since), tally('out_of_range', 'm-1', 9, since)]
    assert.deepEqual(intake(tallies), [['m-1', 'out_of_range', 12, false]])
    assert.deepEqual(intake(tallies.toReversed()), [['m-1', 'out_of_range', 12, false]])
  })
  it('tells a clock that is wrong from all else', () =>
    assert.deepEqual(intake([tally('too_far_ahead', 'm-1', 3, since), tally('bad_value', 'm-1', 4, since)]), [
      ['m-1', 'too_far_ahead', 3, true],
      ['m-1', 'bad_value', 4, false],
    ]))
  it('is a flood from five times as much as usual on, and never below the least', () => {
    assert.deepEqual(
      [floodLimit({ usual: 0 }, 100), floodLimit({ usual: 20.1 }, 100), floodLimit({ usual: 21 }, 100)],
      [...[100, 101, 105]],
    )
    const old = tally('bad_json', null, 2_000, since - 10 * 86_400_000)
    const [found] = intakeSince([old], new Map([[tallyKey(old), 1_440]]), since, windowMs)
    assert.equal(found!.usual, 1)
  })
})
