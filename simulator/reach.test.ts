import assert from 'node:assert/strict'
import { conditionsAt } from './conditions.ts'
import { messageOf } from './field-message.ts'
import { Reach } from './reach.ts'
import type { EventOfKind, ScenarioEvent } from './scenario.ts'

const meter = { id: 'meter-001', kind: 'meter', feederId: 'feeder-01' } as const
const breaker = { id: 'sw-001', kind: 'switch', feederId: 'feeder-01' } as const

/** What is heard of both, minute by minute, in a word each. */
function heard(events: readonly ScenarioEvent[], minutes: number): string[][] {
  const reach = new Reach([meter, breaker])
  return Array.from({ length: minutes }, (_, minute) => {
    const messages = [meter, breaker].map(({ id, kind }) => messageOf(kind, id, { minute }))
    return reach.heard(messages, conditionsAt(events, minute), minute * 60_000).map(({ deviceId, kind, payload }) => {
      const { status, type, minute: of } = payload as { status?: string; type?: string; minute?: number }
      return `${deviceId} ${kind} ${status ?? type ?? of}`
    })
  })
}

const outage: ScenarioEvent = { kind: 'interruption', at_minute: 1, for_minutes: 2, feeder: 'feeder-01' }
const loss: EventOfKind<'communication_loss'> = {
  kind: 'communication_loss',
  at_minute: 1,
  for_minutes: 2,
  devices: ['meter-001'],
}

describe('who can be heard', () => {
  it('a meter without grid: a last gasp, then nothing, then its return; its switch goes on', () => {
    assert.deepEqual(heard([outage], 4), [
      ['meter-001 meter 0', 'sw-001 switch 0'],
      ['meter-001 event power_lost', 'meter-001 status offline', 'sw-001 switch 1'],
      ['sw-001 switch 2'],
      ['meter-001 status online', 'meter-001 event power_restored', 'meter-001 meter 3', 'sw-001 switch 3'],
    ])
  })

  it('a meter without communication: offline, online; what it measured meanwhile is lost', () => {
    assert.deepEqual(heard([loss], 4).slice(1), [
      ['meter-001 status offline', 'sw-001 switch 1'],
      ['sw-001 switch 2'],
      ['meter-001 status online', 'meter-001 meter 3', 'sw-001 switch 3'],
    ])
  })

  it('or is sent afterwards, in order, where it is kept', () => {
    assert.deepEqual(heard([{ ...loss, readings: 'kept' }], 4)[3], [
      ...['meter-001 status online', 'meter-001 meter 1', 'meter-001 meter 2', 'meter-001 meter 3', 'sw-001 switch 3'],
    ])
  })

  it('a meter without both measures nothing that it could keep, and its last gasp reaches nobody', () => {
    const events: ScenarioEvent[] = [outage, { ...loss, at_minute: 0, for_minutes: 4, readings: 'kept' }]
    assert.deepEqual(
      heard(events, 5)
        .flat()
        .filter((line) => line.startsWith('meter')),
      [
        'meter-001 status offline',
        'meter-001 status online',
        ...['meter-001 meter 0', 'meter-001 meter 3', 'meter-001 meter 4'],
      ],
    )
  })

  it('nobody while none is to report: all go offline, and come online when they may again, but for who is dark', () => {
    const reach = new Reach([meter, breaker])
    const statuses = [true, false, false, true, true].map((reporting, minute) => {
      const events = conditionsAt([{ ...outage, at_minute: 2 }], minute)
      const messages = [meter, breaker].map(({ id, kind }) => messageOf(kind, id, {}))
      const words = reach
        .heard(messages, events, minute * 60_000, reporting)
        .map(({ deviceId, kind, payload }) => `${deviceId} ${(payload as { status?: string }).status ?? kind}`)
      return [...words, reach.isHeard('meter-001'), reach.isHeard('sw-001')]
    })
    assert.deepEqual(statuses, [
      ['meter-001 meter', 'sw-001 switch', true, true],
      ['meter-001 offline', 'sw-001 offline', false, false],
      [false, false],
      ['sw-001 online', 'sw-001 switch', false, true],
      ['meter-001 online', 'meter-001 event', 'meter-001 meter', 'sw-001 switch', true, true],
    ])
    assert.equal(reach.isHeard('nobody'), false)
  })
})
