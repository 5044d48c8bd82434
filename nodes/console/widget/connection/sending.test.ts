import assert from 'node:assert/strict'
import { ApiFault } from './api.ts'
import { useSending } from './sending.ts'

describe('what a user does by the API', () => {
  it('is done once at a time', async () => {
    const sending = useSending()
    let finish: () => void = () => undefined
    const first = sending.send(() => new Promise((resolve) => (finish = resolve)))
    assert.equal(sending.isSending.value, true)
    assert.equal(await sending.send(async () => assert.fail('twice')), false)
    finish()
    assert.equal(await first, true)
    assert.equal(sending.isSending.value, false)
  })

  it('tells what was refused until the next attempt', async () => {
    const sending = useSending()
    const fault = new ApiFault(409, 'taken')
    assert.equal(await sending.send(() => Promise.reject(fault)), false)
    assert.equal(sending.fault.value, fault)
    assert.equal(await sending.send(async () => undefined), true)
    assert.equal(sending.fault.value, undefined)
  })

  it('does not hide what nobody foresaw', async () => {
    const sending = useSending()
    await assert.rejects(
      sending.send(() => Promise.reject(new TypeError('no'))),
      TypeError,
    )
    assert.equal(sending.isSending.value, false)
  })
})
