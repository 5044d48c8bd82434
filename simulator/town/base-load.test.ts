import assert from 'node:assert/strict'
import { baseLoadKw, firstBaseLoad, stepBaseLoad } from './base-load.ts'
import { townDraw, townOf } from './town-plan.ts'

const [root, , hillside] = townOf().feeders as [never, never, ReturnType<typeof townOf>['feeders'][number]]
const at = (hour: string) => Date.parse(`2026-11-23T${hour}:00-03:00`)
const sum = (byLine: readonly number[]) => byLine.reduce((all, kw) => all + kw, 0)

describe('what nobody steers in the town', () => {
  it('of homes is highest at seven in the evening, of businesses in the afternoon', () => {
    const usual = [0, 0, 0] as const
    assert.ok(Math.abs(sum(baseLoadKw(hillside, usual, at('19:00'))) - hillside.basePeakKw) < 1e-9)
    assert.ok(sum(baseLoadKw(hillside, usual, at('04:00'))) < hillside.basePeakKw / 3)
    assert.ok(sum(baseLoadKw(root, usual, at('15:00'))) > sum(baseLoadKw(root, usual, at('20:00'))))
  })

  it('is shared by the lines as the feeder has them', () => {
    const [a, b, c] = baseLoadKw(hillside, [0, 0, 0], at('12:00'))
    assert.deepEqual(
      [a, b, c].map((kw) => Math.round((kw / (a + b + c)) * 100)),
      hillside.shares.map((share) => Math.round(share * 100)),
    )
  })

  it('wanders, each line for itself, by some percent', () => {
    const draw = townDraw(1, 'load')
    let load = firstBaseLoad(draw)
    const strays: number[] = []
    for (let count = 0; count < 2_000; count++) {
      load = stepBaseLoad(load, draw, 60)
      strays.push(sum(baseLoadKw(hillside, load, at('19:00'))) / hillside.basePeakKw)
    }
    assert.ok(Math.min(...strays) > 0.85 && Math.max(...strays) < 1.18)
    assert.ok(new Set(strays).size > 1_900)
  })
})
