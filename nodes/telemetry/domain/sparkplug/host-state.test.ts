import assert from 'node:assert/strict'
import { hostState, saysOffline } from './host-state.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('what a host says of itself', () => {
  it('is JSON with online and timestamp (tck-id-host-topic-phid-birth-payload, tck-id-host-topic-phid-death-payload)', () => {
    assert.equal(hostState(true, 1_795_186_800_000), '{"online":true,"timestamp":1795186800000}')
    assert.equal(hostState(false, 1_795_186_800_000), '{"online":false,"timestamp":1795186800000}')
  })

  for (const [text, offline] of [
    [hostState(false, 1), true],
    [hostState(true, 1), false],
    ['{"online":false}', true],
    ['OFFLINE', true],
    ['ONLINE', false],
    ['', false],
    ['null', false],
    ['[]', false],
    ['{"online":"false"}', false],
    ['{"online":', false],
  ] as const)
    it(`${text || 'an empty message'} ${offline ? 'says' : 'does not say'} that it is offline`, () =>
      assert.equal(saysOffline(bytes(text)), offline))
})
