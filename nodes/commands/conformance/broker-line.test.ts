import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { freePort } from '../../../platform/runtime/ports.ts'
import { BrokerLine } from './broker-line.ts'

describe('the line to a device', () => {
  it('is not there without a broker, and says so in one line without the password', async () => {
    const url = `mqtt://a:secret@127.0.0.1:${await freePort()}`
    await assert.rejects(
      BrokerLine.open('sw-1', { url, options: {} }, () => 0),
      ({ message }: Error) => /^the broker mqtt:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/.test(message),
    )
  })
})
