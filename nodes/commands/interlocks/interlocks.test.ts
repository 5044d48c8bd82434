import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { energised } from '../../../platform/network/model/energisation.ts'
import { line, sectionIds, source } from '../../../platform/network/model/network.fixture.ts'
import { commandTypes } from '../../../platform/wire/command.ts'
import { forbiddenBy, interlocks } from './interlocks.ts'
import { field, intended, report, tag, unit } from './surroundings.fixture.ts'

describe('the interlocks', () => {
  it('have a name each, and none forbids to ask a device how it is', () => {
    const names = interlocks.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/)
    const tags = [tag('do_not_operate', 'device', 'x')]
    const reports = new Map([['x', report({ mode: 'local', quality: 'invalid' })]])
    assert.deepEqual(forbiddenBy(intended('read_now', 'x'), field({ tags, reports })), [])
  })

  it('say all that stands in the way, in both languages', () => {
    const tags = [tag('work_permit', 'section', 'a2')]
    const forbidden = forbiddenBy(
      intended('close', 'sw-a'),
      field({ tags, closed: { 'sw-a': '', 'es-a2': 'ABC' }, unclearedTrips: new Set(['sw-a']) }),
    )
    assert.deepEqual(
      forbidden.map(({ interlock }) => interlock),
      ['tagged', 'earth-switch-closed', 'uncleared-trip', 'reclose-not-blocked', 'position-unknown'],
    )
    for (const { text } of forbidden) assert.ok(text.en.length > 10 && text.pt.length > 10 && text.en !== text.pt)
  })

  it('forbid what one of them cannot judge, and say which', () => {
    const around = field({ units: [unit({ timeZone: 'Mars/Olympus' })] })
    const [forbidden, ...others] = forbiddenBy(intended('disconnect', 'm-1', { reason: 'non_payment' }), around)
    assert.deepEqual([forbidden?.interlock, others], ['non-payment-day', []])
    assert.match(forbidden!.text.en, /^cannot be judged: .*Mars\/Olympus/)
    assert.match(forbidden!.text.pt, /^não pode ser avaliado: /)
  })

  const anyNetwork = fc.record({
    at: fc.shuffledSubarray(sectionIds, { minLength: 2, maxLength: 3 }),
    lines: fc.array(
      fc.record({
        ends: fc.shuffledSubarray(sectionIds, { minLength: 2, maxLength: 2 }),
        phases: fc.constantFrom('ABC', 'A', 'BC'),
      }),
      { minLength: 3, maxLength: 8 },
    ),
    tagged: fc.constantFrom(...sectionIds),
    earthed: fc.constantFrom(...sectionIds),
    acts: fc.array(fc.record({ at: fc.nat(7), type: fc.constantFrom('open', 'close') }), { maxLength: 30 }),
  })

  it('whatever is switched as they let it, no crew’s section gets supply, no earth, and no two sources meet (property)', () => {
    fc.assert(
      fc.property(anyNetwork, ({ at, lines, tagged, earthed, acts }) => {
        const sources = at.map((section, index) => source(`f${index}`, section))
        const network = {
          sources,
          switches: lines.map(({ ends: [one, other], phases }, index) =>
            line(`s${index}`, `${one}-${other}`, { phases }),
          ),
        }
        fc.pre(!at.includes(tagged) && !at.includes(earthed))
        const mayBeClosed = new Map<string, number>([
          ...network.switches.map(({ switchId }) => [switchId, 0] as const),
          ['e', 7],
        ])
        for (const act of acts) {
          const one = network.switches[act.at % network.switches.length]!
          const reports = new Map([[one.switchId, report({ position: 'open' })]])
          const around = field({
            ...{ network, mayBeClosed, reports, earthSwitches: [{ earthSwitchId: 'e', sectionId: earthed }] },
            tags: [tag('work_permit', 'section', tagged, network)],
          })
          if (forbiddenBy(intended(act.type as 'open' | 'close', one.switchId), around).length > 0) continue
          mayBeClosed.set(one.switchId, act.type === 'close' ? one.phases : 0)
          const supplied = energised(network, mayBeClosed)
          assert.ok(!supplied.has(tagged), 'the section of a crew has supply')
          assert.ok(!supplied.has(earthed), 'an earthed section has supply')
          for (const phase of [1, 2, 4]) {
            const reach = sources.map((each) => {
              const single = { sources: [{ ...each, phases: phase }], switches: network.switches }
              return new Set(energised(single, mayBeClosed).keys())
            })
            for (const [index, set] of reach.entries())
              for (const other of reach.slice(index + 1))
                assert.ok(![...set].some((section) => other.has(section)), 'two sources are in parallel')
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('let a network be switched at all: most types of command pass where nothing is amiss', () => {
    const reports = new Map([['sw-b', report({ position: 'open' })]])
    const around = field({ reports, closed: { 'sw-b': '' } })
    const passing = commandTypes.filter((type) => forbiddenBy(intended(type, 'sw-b'), around).length === 0)
    assert.deepEqual(
      passing,
      // It measures no unit, and is rated for nothing.
      commandTypes.filter((type) => type !== 'disconnect' && type !== 'set_point'),
    )
  })
})
