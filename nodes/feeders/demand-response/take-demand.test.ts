import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { minuteMs, seedTown, six } from './demand.fixture.ts'
import type { DemandAsked } from './demand-message.ts'
import { enterAsked } from './enter-asked.ts'
import { eventAsked } from './event-fields.ts'
import { findEvent } from './event-repository.ts'
import { programAsked } from './program-fields.ts'
import { findProgram } from './program-repository.ts'
import { takeDemand } from './take-demand.ts'

describe('doing what is asked of demand response', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const asking = { source: 'node:evening', username: 'node evening', defaultFeederId: undefined, at: six }
  const take = (asked: DemandAsked, at = six) =>
    takeDemand(test.database, asked, { ...asking, at, timeZone: 'America/Sao_Paulo' })
  const request = { limitKw: 30, durationMinutes: 5, idempotencyKey: 'key-0001' }
  before(() => seedTown(test.database))

  it('an event is entered once for its key, also when it says `now` at another moment', async () => {
    await take({ kind: 'event', request })
    await take({ kind: 'event', request }, six + minuteMs)
    const { outcome, eventId } = await enterAsked(test.database, request, { ...asking, at: six + minuteMs })
    assert.deepEqual([outcome, (await findEvent(test.database, eventId))!.startsAt], ['repeated', six])
  })

  it('and is cancelled by its number', async () => {
    await take({ kind: 'cancel', eventId: 1, reason: null }, six + 2 * minuteMs)
    assert.equal((await findEvent(test.database, 1))!.cancelledBy, 'node evening')
    await assert.rejects(take({ kind: 'cancel', eventId: 99, reason: null }), /no event 99/)
    await take({ kind: 'event', request: { ...request, idempotencyKey: 'key-0002' } })
    await assert.rejects(take({ kind: 'cancel', eventId: 2, reason: null }, six + 10 * minuteMs), /is over/)
  })

  it('a program is entered, with the zone of the installation', async () => {
    const program = { name: 'Ponta', mode: 'shed', targetShedKw: 40 } as const
    await take({ kind: 'program', request: program, idempotencyKey: 'key-0001' })
    await take({ kind: 'program', request: program, idempotencyKey: 'key-0001' })
    const found = (await findProgram(test.database, 1))!
    assert.deepEqual([found.timeZone, found.changedBy], ['America/Sao_Paulo', 'node evening'])
    assert.equal(await findProgram(test.database, 2), undefined)
  })

  it('what is left out has its default', () => {
    const event = eventAsked({ limitKw: 30, durationMinutes: 5 }, six, undefined)
    assert.deepEqual([event.feederId, event.type, event.snapbackMinutes], [null, 'limit', 15])
    const { enrolledOnly, active, window, elasticity } = programAsked({ name: 'Ponta', mode: 'price' }, 'UTC')
    assert.deepEqual([enrolledOnly, active, window, elasticity], [false, true, null, 0])
  })
})
