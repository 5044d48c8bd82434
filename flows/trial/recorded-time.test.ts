import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { RecordedTime, uninstallRecordedTime } from './recorded-time.ts'

const noon = Date.UTC(2026, 2, 10, 12)

describe('the time of a recording', () => {
  afterEach(uninstallRecordedTime)

  it('stands where it was set, and goes on when told', async () => {
    const time = new RecordedTime(noon)
    assert.equal(time.now(), noon)
    time.goOn()
    const began = performance.now()
    while (performance.now() - began < 5);
    assert.ok(time.now() >= noon + 4 && time.now() < noon + 60_000)
    time.set(noon + 1)
    assert.equal(time.now(), noon + 1)
  })

  it('is what everybody gets who asks for the date; other dates are as ever', () => {
    new RecordedTime(noon).install()
    assert.equal(Date.now(), noon)
    assert.equal(new Date().toISOString(), '2026-03-10T12:00:00.000Z')
    assert.equal(new Date(5).getTime(), 5)
    assert.equal(Date.parse('1970-01-01T00:00:01Z'), 1_000)
    assert.ok(new Date() instanceof Date)
    assert.match(Date(), /2026/)
    uninstallRecordedTime()
    assert.notEqual(Date.now(), noon)
  })
})
