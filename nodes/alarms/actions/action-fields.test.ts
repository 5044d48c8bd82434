import assert from 'node:assert/strict'
import { endOfShelving } from './action-fields.ts'

describe('the end of shelving', () => {
  const now = Date.UTC(2026, 2, 10, 12)
  for (const [given, end] of [
    [{ until: '2026-03-10T13:00:00Z' }, now + 3_600_000],
    [{ minutes: 30 }, now + 1_800_000],
    [{}, null],
  ] as const)
    it(`of ${JSON.stringify(given)}`, () => assert.equal(endOfShelving(given, now), end))

  it('is said once', () =>
    assert.throws(() => endOfShelving({ until: '2026-03-10T13:00:00Z', minutes: 30 }, now), /must not come with until/))
})
