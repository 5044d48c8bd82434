import assert from 'node:assert/strict'
import { intervalMs } from './interval.ts'

describe('an interval', () => {
  for (const [written, ms] of [
    ['1m', 60_000],
    ['15m', 900_000],
    ['1440m', 86_400_000],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
  ] as const)
    it(`${written} is ${ms} ms`, () => assert.equal(intervalMs(written), ms))

  for (const written of ['', '0m', '01m', '1441m', '25h', '2d', '1s', '1', 'm', '1h30m', '-1h', '1H', '1e1m'])
    it(`"${written}" is none`, () => assert.equal(intervalMs(written), undefined))
})
