import assert from 'node:assert/strict'
import { steeredByFeeder } from './steered-ders.ts'

describe('what steered DERs were told and did', () => {
  it('is shown by feeder, each with both', () => {
    const [target] = steeredByFeeder().build().targets as unknown as [{ query: string; alias: string }]
    assert.match(target.query, /"setpoint_kw".*"actual_kw".*from "feeder_tracking_error"/i)
    assert.match(target.query, /group by .*"feeder"/i)
    assert.equal(target.alias, '$tag_feeder $col')
  })

  it('is made anew for each dashboard, which puts it where it wants', () =>
    assert.notEqual(steeredByFeeder(), steeredByFeeder()))
})
