import assert from 'node:assert/strict'
import { attemptsOf } from './action-message.ts'

const now = Date.UTC(2026, 2, 10, 12)
const shelve = { action: 'shelve', alarmId: 7, reason: 'works' }

describe('what a message asks for', () => {
  it('is one action, or several, each of one alarm by number or key', () => {
    const nothing = { occurrence: null, reason: null, until: null }
    assert.deepEqual(attemptsOf({ action: 'acknowledge', alarmId: 7, occurrence: 3 }, now), [
      { ...nothing, action: 'acknowledge', alarm: 7, occurrence: 3 },
    ])
    assert.deepEqual(
      attemptsOf(
        [
          { action: 'suppress', key: 'voltage/drp-budget/u-1' },
          { action: 'unsuppress', alarmId: 8 },
        ],
        now,
      ),
      [
        { ...nothing, action: 'suppress', alarm: 'voltage/drp-budget/u-1' },
        { ...nothing, action: 'unsuppress', alarm: 8 },
      ],
    )
  })

  for (const [given, end] of [
    [{ minutes: 0.5 }, now + 30_000],
    [{ until: '2026-03-10T10:00:00-03:00' }, now + 3_600_000],
    [{ until: now + 5 }, now + 5],
    [{}, null],
  ] as const)
    it(`shelves until what ${JSON.stringify(given)} says`, () =>
      assert.equal(attemptsOf({ ...shelve, ...given }, now)[0]!.until, end))

  for (const [what, payload, words] of [
    ['no action', { alarmId: 7 }, 'payload.action is missing'],
    [
      'another word',
      { ...shelve, action: 'mute' },
      /^payload\.action is "mute": it takes acknowledge, comment, .*unsuppress$/,
    ],
    ['no alarm', { action: 'suppress' }, 'payload must name its alarm, by alarmId or by key'],
    ['two alarms', { ...shelve, key: 'a/b/c' }, 'payload must name its alarm, by alarmId or by key'],
    ['a number as text', { ...shelve, alarmId: '7' }, 'payload.alarmId is "7": it must be integer'],
    ['a user', { ...shelve, user: 'admin' }, 'payload.user is not taken: who acts is never what a message says'],
    ['a typing error', { ...shelve, minute: 5 }, 'payload.minute is not taken'],
    [
      'no offset',
      { ...shelve, until: '2026-03-10T10:00:00' },
      'payload.until is "2026-03-10T10:00:00": it takes an instant with offset, or UTC milliseconds',
    ],
    ['an end before all calendars', { ...shelve, until: -8.64e15 }, /takes an instant/],
    ['two ends', { ...shelve, until: now, minutes: 5 }, 'payload has until and minutes: it takes one of them'],
    ['NUL', { ...shelve, reason: 'a\0' }, /^payload\.reason is .*: it must match pattern/],
    ['no object', 'acknowledge', 'payload is "acknowledge": it must be object'],
    ['the second of several', [shelve, { ...shelve, minutes: 0 }], /^payload\[1\]\.minutes is 0: it must be > 0$/],
    ['too many', Array.from({ length: 1_001 }, () => shelve), 'payload has 1001 actions: it takes 1000 at most'],
  ] as const)
    // prettier-ignore
    it(`is refused with ${what}`, () => assert.throws(() => attemptsOf(payload, now), { name: 'BadAction', message: words }))
})
