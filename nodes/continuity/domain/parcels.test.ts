import assert from 'node:assert/strict'
import type { ExclusionReason } from './exclusions.ts'
import { parcelOf, type Parcel } from './parcels.ts'

type Case = [
  origin: 'internal' | 'external',
  programmed: boolean,
  reasons: ExclusionReason[],
  critical: boolean,
  Parcel | null,
]
const cases: Case[] = [
  ['internal', true, [], false, 'IP'],
  ['internal', false, [], false, 'IND'],
  ['internal', false, ['emergency'], false, 'INE'],
  ['internal', false, ['emergency'], true, 'INE'],
  ['internal', false, [], true, 'INC'],
  ['internal', true, [], true, 'IPC'],
  ['internal', false, ['rationing'], false, 'INO'],
  ['internal', false, ['load-shedding'], false, 'INO'],
  ['external', false, [], false, 'XN'],
  ['external', true, [], false, 'XP'],
  ['external', false, [], true, 'XNC'],
  ['external', true, [], true, 'XPC'],
  ['internal', false, ['external-origin'], false, 'XN'],
  ['internal', false, ['unit-installation'], false, null],
  ['internal', true, ['unit-interest'], true, null],
  ['internal', false, ['suspension'], false, null],
]

describe('parcels of DEC and FEC', () => {
  for (const [origin, programmed, reasons, critical, expected] of cases)
    it(`${origin}${programmed ? ', programmed' : ''}${critical ? ', critical day' : ''} ${reasons.join()} → ${expected}`, () => {
      const exclusions = reasons.map((reason) => ({ reason, unitId: null }))
      const facts = { interruptionId: 1, eventId: 1, startedAt: 0, origin, programmed, announced: null, exclusions }
      assert.equal(parcelOf(facts, 'unit-1', critical), expected)
    })

  it("takes an exclusion of one unit as that unit's alone", () => {
    const exclusions = [{ reason: 'suspension' as const, unitId: 'unit-2' }]
    const facts = { interruptionId: 1, eventId: 1, startedAt: 0, origin: 'internal' as const, programmed: false }
    assert.equal(parcelOf({ ...facts, announced: null, exclusions }, 'unit-1', false), 'IND')
    assert.equal(parcelOf({ ...facts, announced: null, exclusions }, 'unit-2', false), null)
  })
})
