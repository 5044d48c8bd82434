import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { FixtureDevice, type Differs } from './device.fixture.ts'
import { expiry, ledger, operate, refusal, select } from './obeying.ts'

describe('what a device does about commands', () => {
  for (const [what, differs, look, found] of [
    ['all', {}, operate, ['command ok', 'signature cannot']],
    ['all', {}, ledger, ['ledger ok', 'query ok', 'not done ok', 'control number ok']],
    ['all', {}, refusal, ['refusal ok', 'garbage ok']],
    ['no answer to anything', { answers: () => undefined }, ledger, ['ledger untried']],
    ['no answer to a repetition', { deafTo: twice() }, ledger, ['ledger cannot']],
    ['signatures only', { signed: true }, operate, ['command ok', 'signature ok']],
  ] as const satisfies [string, Differs, typeof operate, string[]][])
    it(`${what}: ${found.join(', ')}`, async () => {
      const device = new FixtureDevice(differs)
      const findings = await look(device.talk())
      assert.deepEqual(
        findings.map(({ check, verdict }) => `${check} ${verdict}`),
        found,
      )
      device.stop()
    })

  it('may be wrong in a word: what comes too late is expired, and what cannot be selected rejected', async () => {
    const device = new FixtureDevice({
      answers: (ack) => (ack.status === 'expired' || ack.status === 'selected' ? { ...ack, status: 'failed' } : ack),
    })
    assert.match((await expiry(device.talk())).text, /^what came too late: failed \(AddCause 16\)/)
    assert.equal((await select(device.talk())).text, 'selected, it says: failed')
    device.stop()
  })
})

/** Deaf to what it has heard before. */
function twice(): NonNullable<Differs['deafTo']> {
  const heard = new Set<string>()
  return ({ command_id }) => heard.has(command_id) || !heard.add(command_id)
}
