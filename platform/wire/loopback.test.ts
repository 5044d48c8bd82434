import assert from 'node:assert/strict'
import { isLoopback } from './loopback.ts'

describe('isLoopback', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1'])
    it(`is true of ${host}`, () => assert.equal(isLoopback(host), true))

  for (const host of ['', '0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '127.example.org', '127.0.0.1.example.org'])
    it(`is false of ${JSON.stringify(host)}`, () => assert.equal(isLoopback(host), false))

  it('is false of a name that only begins or ends like one of this machine', () => {
    for (const host of ['localhost.example.org', 'notlocalhost', '::1:2', '[::1', 'x127.0.0.1'])
      assert.equal(isLoopback(host), false, host)
  })
})
