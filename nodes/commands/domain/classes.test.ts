import assert from 'node:assert/strict'
import { commandTypes } from '../../../platform/wire/command.ts'
import { classOf, planFor } from './classes.ts'
import type { DeviceCapabilities } from './command.ts'

const able: DeviceCapabilities = { ledger: true, expiry: true, select: true, clock: true, signature: true }

describe('classes of commands', () => {
  const typesThat = (need: (of: ReturnType<typeof classOf>) => boolean) => commandTypes.map(classOf).filter(need)
  const names = (of: readonly ReturnType<typeof classOf>[]) => of.map(({ type }) => type)

  it('two persons decide on what interrupts or endangers people; to trip makes safe, and waits for nobody', () => {
    assert.deepEqual(names(typesThat(({ needsApproval }) => needsApproval)), ['open', 'close', 'connect', 'disconnect'])
    assert.deepEqual([classOf('trip').needsApproval, classOf('trip').needsSelect], [false, false])
  })

  it('the password is given again for all of them, and for what weakens or interrupts a device', () =>
    assert.deepEqual(names(typesThat(({ needsProof }) => needsProof)), [
      ...['open', 'close', 'trip', 'unblock_reclose', 'connect', 'disconnect', 'reboot'],
    ]))

  it('every effect is observed, and awaited until a device must have told of it', () => {
    for (const { observation, verifyWithinMs, type } of commandTypes.map(classOf)) {
      assert.notEqual(observation, null, type)
      // A meter may send every ten minutes only.
      assert.ok(verifyWithinMs >= (observation === 'supply' ? 600_000 : 60_000), type)
    }
  })

  it('expire by themselves within their bounds', () => {
    for (const { type, expiresAfterMs, mostExpiresAfterMs } of commandTypes.map(classOf))
      assert.ok(expiresAfterMs > 0 && expiresAfterMs <= mostExpiresAfterMs, type)
  })

  it('have their names in both languages, one each', () => {
    for (const language of ['en', 'pt'] as const)
      assert.equal(new Set(commandTypes.map((type) => classOf(type).names[language])).size, commandTypes.length)
  })
})

describe('the plan of a command', () => {
  const open = classOf('open')

  it('has one attempt only at a device without a ledger', () => {
    assert.equal(planFor(open, able).mostAttempts, open.mostAttempts)
    assert.equal(planFor(open, { ...able, ledger: false }).mostAttempts, 1)
  })

  it('arms a device that can be armed, where the class asks for it', () => {
    assert.equal(planFor(open, able).needsSelect, true)
    assert.equal(planFor(open, { ...able, select: false }).needsSelect, false)
    assert.equal(planFor(classOf('trip'), able).needsSelect, false)
  })

  it('takes from the class what no device changes', () => {
    const { needsApproval, needsVerification, answerWithinMs, verifyWithinMs } = planFor(open, able)
    assert.deepEqual([needsApproval, needsVerification], [true, true])
    assert.deepEqual([answerWithinMs, verifyWithinMs], [open.answerWithinMs, open.verifyWithinMs])
  })
})
