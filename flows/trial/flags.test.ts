import assert from 'node:assert/strict'
import { BadFlag } from '../../platform/runtime/flags.ts'
import { readFlags, usage } from './flags.ts'

describe('the command line of flows:test', () => {
  it('needs nothing', () =>
    assert.deepEqual(readFlags([]), {
      ...{ task: 'try', tab: undefined, changed: undefined, deployed: undefined, traffic: undefined },
      ...{ registry: undefined, pace: 'fast', settleMs: 10_000, timeoutMs: 20_000, expectSame: false },
      ...{ json: false, by: 'topic', show: 3 },
    }))

  it('takes times in seconds', () => {
    const flags = readFlags([
      '--settle',
      '60',
      '--timeout',
      '5',
      '--changed',
      'f.json',
      '--expect',
      'same',
      '--by',
      'device',
    ])
    assert.ok(flags.task === 'try' && flags.settleMs === 60_000 && flags.timeoutMs === 5_000 && flags.expectSame)
    assert.equal(flags.by, 'device')
  })

  it('records for a minute, or as long as it says', () => {
    assert.deepEqual(readFlags(['--record', 'f']), {
      ...{ task: 'record', file: 'f', durationMs: 60_000, url: undefined, topics: undefined },
    })
    for (const [text, ms] of Object.entries({ '5': 5_000, '90s': 90_000, '15m': 900_000, '24h': 86_400_000 })) {
      const flags = readFlags(['--record', 'f', '--for', text, '--topics', 'a/+,b/#', '--url', 'mqtt://broker'])
      assert.ok(flags.task === 'record' && flags.durationMs === ms)
      assert.deepEqual([flags.topics, flags.url], [['a/+', 'b/#'], 'mqtt://broker'])
    }
  })

  it('explains every flag', () => {
    assert.deepEqual(readFlags(['--help']), { task: 'help' })
    for (const name of ['tab', 'changed', 'traffic', 'registry', 'settle', 'timeout', 'by device', 'json', 'topics'])
      assert.match(usage, new RegExp(`--${name} `))
  })

  const refused: Record<string, RegExp> = {
    '--tap telemetry': /unknown flag --tap/,
    telemetry: /unexpected argument "telemetry"/,
    '--tab': /--tab needs a value/,
    '--json=yes': /--json takes no value, got "yes"/,
    '--pace slow': /--pace takes fast or recorded, got "slow"/,
    '--expect same': /--expect needs --changed/,
    '--changed f --expect other': /--expect takes same, got "other"/,
    '--settle 0': /--settle takes a whole number from 1 to 3600, got "0"/,
    '--timeout soon': /--timeout takes a whole number .* got "soon"/,
    '--show 1.5': /--show takes .* got "1.5"/,
    '--for 5s': /--for needs --record/,
    '--record f --tab t': /--tab does not go with --record/,
    '--record f --for 2d': /--for takes 1s to 24h.* got "2d"/,
    '--record f --for 25h': /--for takes 1s to 24h.* got "25h"/,
    '--record f --url broker': /--url takes mqtt:.* got "broker"/,
    '--record f --topics a,,b': /--topics takes topic filters.* got ""/,
    '--record f --topics a/#/b': /--topics takes topic filters.* got "a\/#\/b"/,
  }
  for (const [line, message] of Object.entries(refused)) {
    it(`refuses ${line}`, () => assert.throws(() => readFlags(line.split(' ')), { name: BadFlag.name, message }))
  }
})
