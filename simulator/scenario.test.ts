import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultNames } from '../platform/wire/simulation.ts'
import { eventKinds, readScenario, Scenario } from './scenario.ts'
import { UsageError } from './usage-error.ts'

const read = (scenario: object) => readScenario(JSON.stringify(scenario), 'mine.json')
const withEvent = (event: object) => ({
  description: 'x',
  events: [{ kind: 'pv_trip', at_minute: 1, for_minutes: 1 }, event],
})

describe('a scenario', () => {
  it('is a description at least', () => assert.deepEqual(read({ description: 'quiet' }), { description: 'quiet' }))

  for (const [what, scenario, ...words] of [
    ['no description', {}, '/description', 'missing'],
    ['a fleet too large', { description: 'x', fleet: { panels: 20_000 } }, '/fleet/panels', '20000', '10000'],
    ['a field that nobody knows', { description: 'x', sed: 1 }, '/sed'],
    ['weather that nobody knows', { description: 'x', weather: 'fog' }, '/weather', '"fog"', 'clear'],
    ['a start without offset or date', { description: 'x', start: 'noon' }, '/start', '"noon"', '18:00'],
    ['an event that nobody knows', withEvent({ kind: 'meteor' }), '/events/1/kind', '"meteor"', 'interruption'],
    ['an event without its kind', withEvent({}), '/events/1/kind'],
    [
      'an interruption of no feeder',
      withEvent({ kind: 'interruption', at_minute: 1, for_minutes: 1 }),
      '/events/1/feeder',
      'missing',
    ],
    [
      'a feeder that is not there',
      withEvent({ kind: 'interruption', at_minute: 1, for_minutes: 1, feeder: 'feeder-09' }),
      '/events/1/feeder',
      '"feeder-09"',
      'feeder-02',
    ],
    [
      'a fault of a plant that is not there',
      withEvent({ kind: 'panel_fault', at_minute: 1, for_minutes: 1, plant: 'p', fault: 'shading' }),
      ...['/events/1/plant', '"p"', 'no plant'],
    ],
    [
      'a fault of a panel that its plant has not',
      {
        ...withEvent({ kind: 'panel_fault', at_minute: 1, for_minutes: 1, plant: 'p', fault: 'shading', panels: [3] }),
        plants: [{ site: 'p', panels: 2 }],
      },
      ...['/events/1/panels', '3', 'p has 2'],
    ],
    [
      'a time that is none',
      withEvent({ kind: 'storm_front', at_minute: 1, for_minutes: -1 }),
      '/events/1/for_minutes',
      '-1',
    ],
    [
      'an event that comes again before it is over',
      withEvent({ kind: 'storm_front', at_minute: 1, for_minutes: 60, every_minutes: 30 }),
      '/events/1/every_minutes',
      '30',
      '60',
    ],
    [
      'a phase that is not there',
      withEvent({
        kind: 'voltage_sag',
        at_minute: 1,
        for_minutes: 1,
        feeder: 'feeder-01',
        depth_percent: 5,
        phases: ['D'],
      }),
      '/events/1/phases/0',
      '"D"',
    ],
    [
      'a fault that nobody knows',
      withEvent({ kind: 'faults', at_minute: 1, for_minutes: 1, percent: { rust: 1 } }),
      '/events/1/percent/rust',
    ],
    [
      'an outage of what is no element',
      withEvent({ kind: 'outage', at_minute: 1, for_minutes: 1, element: 'sw-001' }),
      ...['/events/1/element', '"sw-001"', 'tr-007'],
    ],
    [
      'a fault that no event has',
      withEvent({ kind: 'faults', at_minute: 1, for_minutes: 1, of: 'events', percent: { late: 1, malformed: 1 } }),
      ...['/events/1/percent/malformed', 'duplicate, late'],
    ],
  ] as const) {
    it(`with ${what} is refused in one line that names ${words.join(', ')}`, () => {
      assert.throws(
        () => read(scenario),
        (error) =>
          error instanceof UsageError &&
          !error.message.includes('\n') &&
          ['mine.json', ...words].every((word) => error.message.includes(word)),
      )
    })
  }

  it('that is no JSON is refused with the place', () => {
    assert.throws(() => readScenario('{"description": ', 'mine.json'), /^UsageError: scenario mine\.json: not JSON: /)
  })

  it('is described field by field in docs/simulator.md, with an example that holds', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/simulator.md'), 'utf8')
    for (const name of [...Object.keys(Scenario.properties), ...eventKinds, ...faultNames])
      assert.match(page, new RegExp(`^\\| \`${name}\` +\\|`, 'm'), name)
    const example = /```json\n([^]*?)```/.exec(page)![1]!
    assert.equal(readScenario(example, 'docs/simulator.md').events?.length, 3)
  })
})
