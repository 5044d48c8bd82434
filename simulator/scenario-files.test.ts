import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOf } from './conditions.ts'
import { commandFaults, deviceFaults, messageFaults } from '../platform/wire/simulation.ts'
import { loadScenario, scenarioList, shippedScenarios } from './scenario-files.ts'

describe('the scenario files', () => {
  it('are those that engineers begin with', () => {
    assert.deepEqual(shippedScenarios(), [
      ...[
        'alarms',
        'bad-commands',
        'bad-data',
        'emergency',
        'evening-peak',
        'evening-sag',
        'interruption',
        'low-voltage',
        'only-drc',
        'passing-clouds',
        'phases-apart',
        'planned-shutdown',
        'solar-faults',
        'storm-day',
        'sunny-day',
      ],
    ])
    assert.equal(scenarioList().trimEnd().split('\n').length, shippedScenarios().length)
    assert.match(scenarioList(), /^interruption {6}feeder-02 dark for 12 minutes/m)
  })

  for (const name of shippedScenarios()) {
    it(`${name} is over when its last event is`, () => {
      const { events = [], duration_minutes: minutes = Infinity } = loadScenario(name)
      assert.ok(events.every((event) => endOf(event) <= minutes))
    })
  }

  it('bad-data and bad-commands have every fault there is', () => {
    const sharesOf = (name: string) =>
      loadScenario(name).events?.flatMap((event) => (event.kind === 'faults' ? Object.keys(event.percent) : []))
    assert.deepEqual(sharesOf('bad-data')?.toSorted(), [...messageFaults, ...deviceFaults].toSorted())
    assert.deepEqual(sharesOf('bad-commands')?.toSorted(), [...commandFaults].toSorted())
  })

  it('are read from any path', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
    try {
      const path = join(folder, 'mine.json')
      // As an editor on Windows may begin it.
      writeFileSync(path, '\uFEFF{"description": "mine"}')
      assert.equal(loadScenario(path).description, 'mine')
      writeFileSync(path, '{"description": 1}')
      assert.throws(() => loadScenario(path), new RegExp(`scenario ${path}: /description is 1`))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('that are not there are named, with those that are', () => {
    assert.throws(() => loadScenario('evening'), /--scenario "evening" is neither a file nor one of .*evening-peak/)
    assert.throws(() => loadScenario(tmpdir()), /--scenario ".*" cannot be read: EISDIR/)
  })
})
