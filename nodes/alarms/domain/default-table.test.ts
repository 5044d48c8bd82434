import assert from 'node:assert/strict'
import { allConditionKinds, rulesArea } from '../../../platform/wire/condition-kinds.ts'
import type { Priority } from './alarm.ts'
import { alarmsDefaults } from './default-alarms.ts'
import { commandsDefaults } from './default-commands.ts'
import { continuityDefaults } from './default-continuity.ts'
import { usual } from './default-entry.ts'
import { feedersDefaults } from './default-feeders.ts'
import { platformDefaults } from './default-platform.ts'
import { defaultDefinitions, defaultTable } from './default-table.ts'
import { solarDefaults } from './default-solar.ts'
import { telemetryDefaults } from './default-telemetry.ts'
import { voltageDefaults } from './default-voltage.ts'
import { rulesOf, type AlarmDefinition } from './definition.ts'
import { scopeKey } from './master-table.ts'

const nowhere = { feederId: null, subject: 'x' }
const nameOf = ({ scope }: AlarmDefinition): string => `${scope.area ?? '*'}/${scope.kind ?? '*'}`

describe('the master alarm table as it is shipped', () => {
  for (const name of allConditionKinds)
    it(`has an entry of its own for ${name}`, () => {
      const [area = '', kind = ''] = name.split('/')
      const definition = defaultTable.definitionOf({ area, kind, ...nowhere })
      assert.equal(nameOf(definition), name)
      assert.doesNotThrow(() => rulesOf(definition, defaultTable.classNamed(definition.className)))
    })

  it('takes from its areas what they say, and all of it', () => {
    const areas = {
      ...{ alarms: alarmsDefaults, commands: commandsDefaults, continuity: continuityDefaults },
      feeders: feedersDefaults,
      solar: solarDefaults,
      ...{ platform: platformDefaults, telemetry: telemetryDefaults, voltage: voltageDefaults },
    }
    const entries = Object.entries(areas).flatMap(([area, kinds]) =>
      Object.entries(kinds).map(([kind, entry]) => ({ area, kind, entry })),
    )
    assert.equal(entries.length + 2, defaultDefinitions.length)
    for (const { area, kind, entry } of entries) {
      const { scope: _scope, ...definition } = defaultTable.definitionOf({ area, kind, ...nowhere })
      assert.deepEqual(definition, { ...usual, ...entry })
    }
  })

  it('has one for rules, one for whatever else, and none twice', () => {
    assert.equal(nameOf(defaultTable.definitionOf({ area: rulesArea, kind: 'my-rule', ...nowhere })), 'rules/*')
    assert.equal(nameOf(defaultTable.definitionOf({ area: 'mine', kind: 'new', ...nowhere })), '*/*')
    assert.equal(new Set(defaultDefinitions.map(({ scope }) => scopeKey(scope))).size, defaultDefinitions.length)
  })

  it('says of each why it is there and what to do, in both languages, and nothing twice', () => {
    const texts = defaultDefinitions.flatMap(({ cause, consequence, operatorAction }) =>
      [cause, consequence, operatorAction].flatMap(({ en, pt }) => {
        assert.notEqual(en, pt)
        return [en, pt]
      }),
    )
    for (const text of texts) assert.match(text, /^\p{Lu}.{30,}[.]$/u)
    assert.equal(new Set(texts).size, texts.length)
  })

  it('keeps high priorities rare: alarms are to be 80 % low, 15 % medium, 5 % high', () => {
    const fixed = defaultDefinitions.flatMap(({ priority }) => priority ?? [])
    const shareOf = (wanted: Priority) => fixed.filter((priority) => priority === wanted).length / fixed.length
    // Kinds, of which the low ones are also those that many units and devices say.
    assert.ok(shareOf('low') >= 0.7, `low ${shareOf('low')}`)
    assert.ok(shareOf('medium') <= 0.2, `medium ${shareOf('medium')}`)
    assert.ok(shareOf('high') + shareOf('critical') <= 0.1, `high ${shareOf('high')}`)
  })
})
