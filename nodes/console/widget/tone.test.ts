import assert from 'node:assert/strict'
import { toneOf } from './tone.ts'

describe('toneOf', () => {
  for (const [channels, tone] of [
    ['255,255,255', 'light'],
    ['223, 227, 230', 'light'],
    ['20,24,27', 'dark'],
    ['64,64,64', 'dark'],
    ['', 'light'],
  ] as const) {
    it(`"${channels}" is ${tone}`, () => assert.equal(toneOf(channels), tone))
  }
})
