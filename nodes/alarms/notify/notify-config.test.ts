import assert from 'node:assert/strict'
import { channelSettings, notifyDefaults } from './notify-config.ts'

const settings = (more: Partial<typeof notifyDefaults>) =>
  channelSettings({ ...notifyDefaults, channel: 'duty', ...more })

describe('channelSettings', () => {
  it('reads lists and numbers as the editor hands them over', () => {
    const { filter, rate, responsibility, confirmMs } = settings({
      ...{ areas: ' voltage, continuity,', feeders: '', most: '5', windowMinutes: '2', responsibility: ' north ' },
      tellsEscalated: true,
    })
    assert.deepEqual(filter, {
      ...{ leastPriority: 'low', areas: ['voltage', 'continuity'], feeders: [] },
      tells: ['raised', 'escalated', 'cleared'],
    })
    assert.deepEqual([rate, responsibility, confirmMs], [{ most: 5, windowMs: 120_000 }, 'north', 120_000])
  })

  for (const [fault, more] of [
    [/channel is "a\/b": it takes letters/, { channel: 'a/b' }],
    [/language is "de": it takes en-US, pt-BR/, { language: 'de' as never }],
    [/areas names "a b": it takes identifiers/, { areas: 'x, a b' }],
    [/mostTries is 0: it takes a number from 1 to 100/, { mostTries: 0 }],
    [/windowMinutes is "": it takes a number/, { windowMinutes: '' }],
  ] as const)
    it(`says ${String(fault)}`, () => assert.throws(() => settings(more), fault))
})
