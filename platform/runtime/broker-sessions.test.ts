import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Client } from 'aedes'
import { BrokerSessions } from './broker-sessions.ts'

function client(id: string, clean = true): Client & { leave(): void } {
  const conn = new EventEmitter()
  return { id, clean, conn, leave: () => conn.emit('close') } as unknown as Client & { leave(): void }
}

describe('sessions at the embedded broker', () => {
  it('belong to the user that made them, while connected and while kept', () => {
    const sessions = new BrokerSessions()
    const [passing, lasting] = [client('a'), client('b', false)]
    assert.equal(sessions.take(passing, 'ev-1'), undefined)
    assert.equal(sessions.take(lasting, 'ev-1'), undefined)
    for (const id of ['a', 'b']) assert.match(sessions.take(client(id), 'ev-2')!, /in use by another user/)
    passing.leave()
    lasting.leave()
    assert.equal(sessions.take(client('a'), 'ev-2'), undefined)
    assert.match(sessions.take(client('b'), 'ev-2')!, /in use by another user/)
  })

  it('outlive the connection that another one of the same user has taken over from', () => {
    const sessions = new BrokerSessions()
    const [first, second] = [client('a'), client('a')]
    sessions.take(first, 'ev-1')
    sessions.take(second, 'ev-1')
    first.leave()
    assert.deepEqual(sessions.connected(), [second])
    assert.match(sessions.take(client('a'), 'ev-2')!, /in use/)
  })

  it('that a rightful owner took are not ended by the one who is thrown out', () => {
    const sessions = new BrokerSessions()
    const [squatter, owner] = [client('ev-2'), client('ev-2')]
    sessions.take(squatter, 'ev-1')
    assert.equal(sessions.take(owner, 'ev-2'), undefined)
    squatter.leave()
    assert.deepEqual(sessions.connected(), [owner])
    assert.match(sessions.take(client('ev-2'), 'ev-1')!, /in use/)
  })

  it('are counted down again as they end: coming and going fills nothing', () => {
    const sessions = new BrokerSessions()
    for (let round = 0; round < 100; round++) {
      const passing = client(`c-${round}`)
      assert.equal(sessions.take(passing, 'ev-1'), undefined)
      passing.leave()
    }
    for (let n = 0; n < 8; n++) assert.equal(sessions.take(client(`k-${n}`, false), 'ev-1'), undefined)
    assert.equal(sessions.take(client('k-8', false), 'ev-1'), 'the user has 8 sessions already')
    assert.equal(sessions.take(client('f'), 'field'), undefined)
  })

  it('that are kept end with the right of their user', () => {
    const sessions = new BrokerSessions()
    const [kept, present] = [client('kept', false), client('present', false)]
    sessions.take(kept, 'ev-1')
    sessions.take(present, 'ev-1')
    kept.leave()
    assert.deepEqual(
      sessions.endWhere((user) => user === 'ev-1'),
      ['kept'],
    )
    assert.equal(sessions.take(client('kept'), 'ev-2'), undefined)
    assert.match(sessions.take(client('present'), 'ev-2')!, /in use/)
  })
})
