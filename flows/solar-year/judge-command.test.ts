import assert from 'node:assert/strict'
import { judgeCommand } from './judge-command.ts'
import type { Judgement } from './judgement.ts'

const short = ['--days', '3', '--panels', '10', '--seeds', '1,2']
const judged = (...args: string[]): Judgement => JSON.parse(judgeCommand([...short, '--json', ...args], () => {}))

describe('solar -- judge', () => {
  it('prints figures, and a line a year meanwhile', () => {
    const told: string[] = []
    const printed = judgeCommand([...short, '--odd', 'no-faults'], (line) => told.push(line))
    assert.match(printed, /^seeds 1, 2: 2 panel-months/)
    assert.match(printed, /false alarms: \d+/)
    assert.deepEqual(
      told.map((line) => line.split(':')[0]),
      ['seed 1', 'seed 2'],
    )
  })

  it('prints them as JSON', () => {
    const { seeds, panelMonths, kinds } = judged('--odd', 'no-faults,pyranometer,missing-sensors')
    assert.deepEqual([seeds, kinds.every(({ episodes }) => episodes === 0)], [[1, 2], true])
    assert.ok(Math.abs(panelMonths - (2 * 10 * 3) / 30.44) < 0.01)
  })

  it('tells how it is used', () =>
    assert.match(
      judgeCommand(['--help'], () => {}),
      /--seeds A,B/,
    ))
})
