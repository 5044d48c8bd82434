import assert from 'node:assert/strict'
import { defaultClasses } from './default-classes.ts'
import { defaultDefinitions } from './default-table.ts'
import type { AlarmClass, AlarmDefinition, AlarmScope } from './definition.ts'
import { dayMs, hourMs, minuteMs } from './durations.ts'
import { scopeKey } from './master-table.ts'
import { tableFaults } from './table-faults.ts'
import { afterChange, effectiveRows, nothingChanged, shippedDefinition, type TableChange } from './table-overrides.ts'

const roles = ['operator', 'engineer', 'admin']
const silent = shippedDefinition('telemetry~device-silent~*~*')!
const safety: AlarmClass = defaultClasses[0]

const faultsAfter = (change: Partial<TableChange>) => {
  const whole = { ...nothingChanged, ...change }
  const after = afterChange({ definitions: [], classes: [] }, whole)
  return tableFaults(effectiveRows(after), whole, roles).map(({ of, field, value, problem }) => ({
    ...{ of, field, value, problem },
  }))
}
const entry = (change: Partial<AlarmDefinition>, scope: Partial<AlarmScope> = {}): AlarmDefinition => ({
  ...silent,
  ...change,
  scope: { ...silent.scope, ...scope },
})
const ofEntries = (...definitions: AlarmDefinition[]) =>
  faultsAfter({ definitions: new Map(definitions.map((definition) => [scopeKey(definition.scope), definition])) })
const ofClass = (change: Partial<AlarmClass>) => {
  const alarmClass = { ...safety, ...change }
  return faultsAfter({ classes: new Map([[alarmClass.name, alarmClass]]) })
}
const words = (text: string) => ({ en: text, pt: text })

describe('a master alarm table', () => {
  it('can be as it is shipped, every entry and class of it', () => {
    const classes = new Map(defaultClasses.map((one) => [one.name, one]))
    assert.deepEqual(faultsAfter({ classes }), [])
    assert.deepEqual(ofEntries(...defaultDefinitions), [])
  })

  it('can have entries for a feeder, a subject, a rule, and what a flow says', () => {
    const scopes = [
      { feederId: 'f-1' },
      { subject: 'm-1' },
      { area: 'rules', kind: 'my-rule' },
      { area: 'mine', kind: 'own' },
    ]
    assert.deepEqual(ofEntries(...scopes.map((scope) => entry({}, scope))), [])
  })

  const impossible: Record<string, [AlarmDefinition, string, RegExp]> = {
    'a class that is not there': [entry({ className: 'nothing' }), 'className', /must be a class: equipment, platform/],
    'a kind that its area does not say': [entry({}, { kind: 'device-silnt' }), 'scope.kind', /device-silent/],
    'a kind of no area': [entry({}, { area: null }), 'scope.area', /kinds are of an area/],
    'a feeder that no feeder can be': [entry({}, { feederId: 'f 1' }), 'scope.feederId', /identifier/],
    'an on-delay longer than the time to respond': [
      entry({ onDelayMs: 2 * hourMs, timeToRespondMs: hourMs }),
      ...(['onDelayMs', /not be longer than the time to respond, 3600000 ms/] as const),
    ],
    'an on-delay that is negative': [entry({ onDelayMs: -1_000 }), 'onDelayMs', /from 0 to/],
    'a part of a second': [entry({ offDelayMs: 1_500 }), 'offDelayMs', /whole seconds/],
    'no time to respond': [entry({ timeToRespondMs: 0, onDelayMs: 0 }), 'timeToRespondMs', /from 60000/],
    'an off-delay of a week': [entry({ offDelayMs: 7 * dayMs }), 'offDelayMs', /from 0 to 86400000/],
    're-alarms all the time': [entry({ reAlarmMs: 1_000 }), 'reAlarmMs', /from 60000/],
    'a deadband beyond the set point': [
      entry({ setPoint: 100, deadband: 100 }),
      'deadband',
      /less than the set point, 100/,
    ],
    'a deadband below zero': [entry({ deadband: -1 }), 'deadband', /not be negative/],
    'a set point that no file can hold': [entry({ setPoint: 1e-9 }), 'setPoint', /six decimals/],
    'an endless set point': [entry({ setPoint: Infinity }), 'setPoint', /from -1000000000000/],
    'an unknown explanation': [entry({ explainedBy: ['telemetry/storm'] }), 'explainedBy', /kind that is known/],
    'itself as explanation': [
      entry({ explainedBy: ['telemetry/device-silent'] }),
      'explainedBy',
      /not be what it is to explain/,
    ],
    'an explanation twice': [
      entry({ explainedBy: ['continuity/outage', 'continuity/outage'] }),
      ...(['explainedBy', /each kind once/] as const),
    ],
    'a circle of explanations': [
      entry({ explainedBy: ['telemetry/device-silent'] }, { area: 'platform', kind: 'broker-lost' }),
      ...(['explainedBy', /circle: .*device-silent.* is explained by .*broker-lost/] as const),
    ],
    'no cause': [entry({ cause: { en: 'Something.', pt: '' } }), 'cause.pt', /1 to 1000 characters/],
    'a blank at an end': [entry({ cause: words('Something. ') }), 'cause.en', /no blank at either end/],
    'an action of two lines': [entry({ operatorAction: words('One.\nTwo.') }), 'operatorAction.en', /one line/],
    'half a character': [entry({ operatorAction: words('One \ud800.') }), 'operatorAction.en', /one line/],
    'what a spreadsheet could not tell from a formula': [entry({ cause: words("'=1+1") }), 'cause.en', /apostrophe/],
    'a text without end': [entry({ consequence: words('x'.repeat(1_001)) }), 'consequence.en', /1 to 1000/],
  }
  for (const [what, [definition, field, problem]] of Object.entries(impossible))
    it(`cannot have ${what}`, () => {
      const [first] = ofEntries(definition)
      assert.ok(first, 'it was let in')
      assert.deepEqual([first.of, first.field], [scopeKey(definition.scope), field])
      assert.match(first.problem, problem)
    })

  const impossibleClasses: Record<string, [Partial<AlarmClass>, string, RegExp]> = {
    'no shelving at all': [{ mostShelvedMs: 0 }, 'mostShelvedMs', /from 60000/],
    'shelving without end': [{ mostShelvedMs: 31 * dayMs }, 'mostShelvedMs', /to 2592000000/],
    'a name that is none': [{ name: 'a class' }, 'name', /identifier/],
    'no reason': [{ reason: words('') }, 'reason.en', /1 to 1000/],
    'a role that nobody has': [
      { escalation: [{ afterMs: minuteMs, role: 'president', channel: null }] },
      ...(['escalation.0.role', /operator, engineer, admin/] as const),
    ],
    'a step that tells nobody': [
      { escalation: [{ afterMs: minuteMs, role: null, channel: null }] },
      ...(['escalation.0', /role or a channel/] as const),
    ],
    'steps that go back in time': [
      { escalation: [2, 1].map((minutes) => ({ afterMs: minutes * minuteMs, role: 'operator', channel: null })) },
      ...(['escalation.1.afterMs', /later than the step before, 120000/] as const),
    ],
  }
  for (const [what, [change, field, problem]] of Object.entries(impossibleClasses))
    it(`cannot have a class with ${what}`, () => {
      const found = ofClass({ escalation: [], ...change }).find((fault) => fault.field === field)
      assert.match(found?.problem ?? 'it was let in', problem)
    })

  it('cannot lose a class that entries name', () => {
    const before = { definitions: [entry({ className: 'night' })], classes: [{ ...safety, name: 'night' }] }
    const change = { ...nothingChanged, classes: new Map([['night', null]]) }
    const faults = tableFaults(effectiveRows(afterChange(before, change)), change, roles)
    assert.deepEqual(
      faults.map(({ of, field, value }) => [of, field, value]),
      [['telemetry~device-silent~*~*', 'className', 'night']],
    )
  })

  it('is not refused for what a change does not touch', () => {
    const before = { definitions: [entry({ offDelayMs: 1_500 })], classes: [] }
    const other = entry({}, { feederId: 'f-1' })
    const change = { ...nothingChanged, definitions: new Map([[scopeKey(other.scope), other]]) }
    assert.deepEqual(tableFaults(effectiveRows(afterChange(before, change)), change, roles), [])
  })
})
