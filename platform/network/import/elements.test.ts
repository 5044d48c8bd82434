import assert from 'node:assert/strict'
import { file, tablesOf, told } from './csv.fixture.ts'
import { mergeElements } from './elements.ts'
import { Faults } from './faults.ts'
import { type Known, nothingKnown, type SwitchPeriod } from './network.ts'

const at = (day: string): number => Date.parse(`${day}T03:00:00Z`)
const section = (more: Partial<SwitchPeriod> = {}): SwitchPeriod => ({
  ...{ switch_id: 'sw-1', section_a: 'a', section_b: 'b', normally_closed: true, load_break: true, phases: 'ABC' },
  ...{ recloses: false, valid_from: -Infinity, valid_to: Infinity, ...more },
})

function merge(known: Partial<Known>, name: string, ...lines: readonly string[]) {
  const faults = new Faults()
  const merged = mergeElements(tablesOf(file(name, ...lines)), { ...nothingKnown, ...known }, faults)
  return { ...merged, faults: told(faults) }
}
const switches = (known: readonly SwitchPeriod[], ...lines: readonly string[]) => {
  const merged = merge({ switches: known }, 'switches.csv', ...lines)
  return { ...merged.switches, faults: merged.faults }
}

describe('elements of the network', () => {
  it('always were as they are told, unless it is said since when', () => {
    const { changes, added } = switches(
      [],
      'switch_id,section_a,section_b,normally_closed,load_break,valid_from,valid_to',
      'sw-1,a,b,sim,true,,',
      'sw-2,b,c,false,,2025-01-01,2026-01-01',
    )
    assert.equal(added, 2)
    assert.deepEqual(
      changes.map(({ now }) => now),
      [
        section(),
        section({
          ...{ switch_id: 'sw-2', section_a: 'b', section_b: 'c', normally_closed: false, load_break: false },
          ...{ valid_from: at('2025-01-01'), valid_to: at('2026-01-01') },
        }),
      ],
    )
  })

  it('end where they are told otherwise from then on, and keep what is not said', () => {
    const { changes, closed, added, changed } = switches(
      [section()],
      'switch_id,section_a,section_b,normally_closed,valid_from',
      'sw-1,a,c,false,2025-06-01',
    )
    assert.deepEqual([added, changed, closed], [1, 0, [section({ valid_to: at('2025-06-01') })]])
    assert.deepEqual(changes, [
      { was: section(), now: section({ valid_to: at('2025-06-01') }) },
      { was: undefined, now: section({ section_b: 'c', normally_closed: false, valid_from: at('2025-06-01') }) },
    ])
  })

  it('are corrected where they are told otherwise from the same beginning', () => {
    const known = [section({ valid_to: at('2025-06-01') }), section({ phases: 'A', valid_from: at('2025-06-01') })]
    const head = 'switch_id,section_a,section_b,normally_closed,phases,valid_from'
    const { changes, changed } = switches(known, head, 'sw-1,a,d,true,B,', 'sw-1,a,b,true,,2025-06-01')
    assert.equal(changed, 2)
    assert.deepEqual(
      changes.map(({ now }) => now),
      [section({ section_b: 'd', phases: 'B', valid_to: at('2025-06-01') }), section({ valid_from: at('2025-06-01') })],
    )
  })

  it('are earth switches too, of one section each', () => {
    const known = { earth_switch_id: 'es-1', section_id: 'a', valid_from: -Infinity, valid_to: Infinity }
    const head = 'earth_switch_id,section_id'
    assert.deepEqual(
      merge({}, 'earthings.csv', head, 'es-1,a').earthings.changes.map(({ now }) => now),
      [known],
    )
    assert.equal(merge({ earthings: [known] }, 'earthings.csv', head, 'es-1,a').earthings.unchanged, 1)
  })

  it('told again are unchanged, also without the end that they have', () => {
    const known = [section({ valid_to: at('2025-06-01') })]
    const { changes, unchanged } = switches(known, 'switch_id,section_a,section_b,normally_closed', 'sw-1,a,b,true')
    assert.deepEqual([changes, unchanged], [[], 1])
  })

  it('have no periods that overlap, end before they begin, or come twice', () => {
    const head = 'switch_id,section_a,section_b,normally_closed,valid_from,valid_to'
    const { faults } = switches(
      [section({ valid_from: at('2025-01-01') }), section({ switch_id: 'sw-2', valid_to: at('2025-06-01') })],
      head,
      'sw-1,a,b,true,,',
      'sw-2,a,b,true,2025-05-01,',
      'sw-3,a,b,true,2025-05-01,2025-05-01',
      'sw-4,a,b,true,,',
      'sw-4,a,c,true,,',
    )
    assert.deepEqual(faults, [
      'switches.csv line 2: overlaps what the registry knows: switch sw-1 from 2025-01-01T03:00:00.000Z without end',
      'switches.csv line 3: overlaps what the registry knows: switch sw-2 to 2025-06-01T03:00:00.000Z',
      'switches.csv line 4: valid_to is not after valid_from',
      'switches.csv line 6: this switch_id and beginning are on line 5 already',
    ])
  })

  it('join two sections that differ, and hang on one thing', () => {
    assert.deepEqual(switches([], 'switch_id,section_a,section_b,normally_closed', 'sw-1,a,a,true').faults, [
      'switches.csv line 2: section_b is "a", which is section_a already: a switch joins two sections',
    ])
    assert.deepEqual(
      merge({}, 'supplies.csv', 'unit_id,transformer_id,section_id', 'u-1,,', 'u-2,t-1,a', 'u-3,t-1,', 'u-4,,a').faults,
      [
        'supplies.csv line 2: a unit hangs on a transformer or on a section: give one',
        'supplies.csv line 3: a unit hangs on a transformer or on a section: give one, not both',
      ],
    )
  })

  it('take a unit from one transformer to another', () => {
    const supply = {
      unit_id: 'u-1',
      transformer_id: 't-1',
      section_id: null,
      valid_from: -Infinity,
      valid_to: Infinity,
    }
    const { supplies } = merge(
      { supplies: [supply] },
      ...(['supplies.csv', 'unit_id,transformer_id,valid_from', 'u-1,t-2,2025-06-01'] as const),
    )
    assert.deepEqual(
      supplies.changes.map(({ now }) => now),
      [
        { ...supply, valid_to: at('2025-06-01') },
        { ...supply, transformer_id: 't-2', valid_from: at('2025-06-01') },
      ],
    )
  })

  it('have three phases, and sources their feeder and substation', () => {
    const { sources, transformers } = mergeElements(
      tablesOf(
        file(
          'sources.csv',
          'source_id,section_id,feeder_id,substation_id,phases,recloses',
          'f1,a,feeder-01,se-1,ab,sim',
        ),
        file('transformers.csv', 'transformer_id,section_id', 't-1,a'),
      ),
      nothingKnown,
      new Faults(),
    )
    const always = { valid_from: -Infinity, valid_to: Infinity }
    assert.deepEqual(
      sources.changes.map(({ now }) => now),
      [
        {
          source_id: 'f1',
          section_id: 'a',
          feeder_id: 'feeder-01',
          substation_id: 'se-1',
          phases: 'AB',
          recloses: true,
          ...always,
        },
      ],
    )
    assert.deepEqual(
      transformers.changes.map(({ now }) => now),
      [{ transformer_id: 't-1', section_id: 'a', phases: 'ABC', ...always }],
    )
  })
})
