import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { CommandType } from '../../../platform/wire/command.ts'
import { conform, type Tries } from './conform.ts'
import { FixtureDevice, type Differs } from './device.fixture.ts'
import type { Finding, Verdict } from './finding.ts'

const little: Tries = { reboot: false, setpointKw: undefined, askToCut: undefined }

/** What is found of a device, by check. */
async function foundOf(
  differs: Differs,
  tries: Partial<Tries> = {},
  withKey = true,
  types: readonly CommandType[] = ['read_now'],
) {
  const device = new FixtureDevice(differs)
  try {
    const told: Finding[] = []
    const { findings, capabilities } = await conform(device.talk(withKey, types), { ...little, ...tries }, (one) =>
      told.push(one),
    )
    assert.deepEqual(told, findings)
    const verdicts = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).map(({ check }) => check)
    const textOf = (check: string) => findings.find((one) => one.check === check)?.text
    return { verdicts, textOf, capabilities, standsAt: device.standsAt }
  } finally {
    device.stop()
  }
}

describe('a device that does all as the protocol has it', () => {
  it('is found to do so, and what was not looked at is named', async () => {
    const { verdicts, capabilities } = await foundOf({}, { reboot: true })
    assert.deepEqual([verdicts('wrong'), verdicts('cannot')], [[], ['signature']])
    assert.deepEqual(verdicts('untried'), ['setpoint', 'last will'])
    assert.deepEqual(capabilities, { ledger: true, expiry: true, select: true, clock: true, signature: false })
  })

  it('is told the other of two commands where it stands as the first one wants it', async () => {
    for (const stands of ['open', 'close'] as const) {
      const abilities = { types: ['open', 'close'] as const }
      const { verdicts, capabilities, standsAt } = await foundOf({ abilities, stands }, {}, true, ['open', 'close'])
      assert.deepEqual([verdicts('wrong'), verdicts('cannot')], [[], ['signature']], stands)
      assert.deepEqual([capabilities?.ledger, standsAt], [true, stands])
    }
  })

  it('is told with signatures where it wants them, and found to refuse others', async () => {
    const { verdicts, capabilities } = await foundOf({ signed: true, claims: ['signature'] })
    assert.deepEqual([verdicts('wrong'), verdicts('cannot')], [[], []])
    assert.equal(capabilities?.signature, true)
  })

  it('follows a setpoint, and falls back when it has expired', async () => {
    const { textOf } = await foundOf({}, { setpointKw: -2 })
    assert.equal(textOf('setpoint'), 'follows -2 kW, and falls back when a setpoint has expired')
  })
})

describe('a device that lacks what it may lack', () => {
  for (const [what, differs, check] of [
    ['a ledger', { abilities: { ledger: false } }, 'ledger'],
    ['a check of the expiry', { abilities: { expiry: false } }, 'expiry'],
    ['the way to be selected', { abilities: { select: false } }, 'select'],
  ] as const) {
    it(`${what}: is found to, and that is not wrong`, async () => {
      const { verdicts, capabilities } = await foundOf(differs)
      assert.deepEqual([verdicts('wrong'), verdicts('cannot').toSorted()], [[], [check, 'signature'].toSorted()])
      assert.equal(capabilities?.[check], false)
    })

    it(`${what}: is wrong where it says that it has it`, async () => {
      const { verdicts } = await foundOf({ ...differs, claims: [check] })
      assert.deepEqual(verdicts('wrong'), [check])
    })
  }
})

describe('a device that does something wrong', () => {
  for (const [what, differs, wrong, text] of [
    ['is offline', { offline: true }, 'presence', 'it is offline'],
    ['reports nothing', { silent: true }, 'telemetry', 'nothing comes within 0.2 s'],
    [
      'reports what the contract refuses',
      { reading: (body: Record<string, unknown>) => ({ ...body, site_id: undefined }) },
      'telemetry',
      "der: it must have required property 'site_id'",
    ],
    [
      'calls itself otherwise',
      { reading: (body: Record<string, unknown>) => ({ ...body, deviceId: 'bat-2' }) },
      'telemetry',
      'der: it calls itself "bat-2"',
    ],
    [
      'has no offset in its time',
      { reading: (body: Record<string, unknown>) => ({ ...body, timestamp: '2026-11-21T12:00:00' }) },
      'clock',
      'timestamp is "2026-11-21T12:00:00": neither ISO 8601 with offset nor epoch milliseconds',
    ],
    ['has a clock that is ahead', { clockMs: 7_000, abilities: { expiry: false } }, 'clock', /^7\.0 s ahead/],
    ['answers nothing', { answers: () => undefined }, 'command', 'no answer'],
    [
      'answers with a word of its own',
      { answers: (ack) => ({ ...ack, status: ack.status === 'executed' ? ('done' as never) : ack.status }) },
      'command',
      'done',
    ],
    [
      'names another device in its answers',
      { answers: (ack) => ({ ...ack, device_id: 'bat-2' }) },
      'command',
      'of the answer, device_id is "bat-2"',
    ],
    [
      'does not know what it has done when it is asked',
      { deafTo: ({ phase }) => phase === 'query' },
      'query',
      'asked what became of a command that it has done: no answer',
    ],
    [
      'is silent about what it cannot do',
      { deafTo: ({ type }) => type === 'connect' },
      'refusal',
      'told to connect: no answer',
    ],
  ] as const satisfies [string, Differs, string, string | RegExp][])
    it(`${what}: ${wrong}`, async () => {
      const { verdicts, textOf } = await foundOf(differs)
      assert.ok(verdicts('wrong').includes(wrong), verdicts('wrong').join())
      const found = textOf(wrong)!
      if (typeof text === 'string') assert.equal(found, text)
      else assert.match(found, text)
    })

  it('refuses what is in time, by a clock that is ahead', async () => {
    const { verdicts, capabilities } = await foundOf({ clockMs: 30_000 })
    assert.deepEqual(verdicts('wrong'), ['clock', 'expiry'])
    assert.deepEqual([capabilities?.clock, capabilities?.expiry], [false, false])
  })

  it('does what it said to be not done: it has no ledger to rely on', async () => {
    // Deaf to questions itself; somebody answers in its place.
    let never = ''
    const differs: Differs = {
      answers: (ack) => (ack.command_id === never && ack.status === 'rejected' ? { ...ack, status: 'executed' } : ack),
      deafTo: (message) => {
        if (message.phase === 'query' && message.control_number === 4) never = message.command_id
        return false
      },
    }
    const { verdicts, capabilities } = await foundOf(differs)
    assert.deepEqual(verdicts('wrong'), ['not done'])
    assert.equal(capabilities?.ledger, false)
  })

  it('sends with QoS 0: telemetry and answers', async () => {
    assert.deepEqual((await foundOf({ qos: 0 })).verdicts('wrong'), ['command', 'telemetry'])
  })

  it('loses its ledger over a restart, and is then no device with a ledger', async () => {
    const { textOf, capabilities } = await foundOf({ forgetsAtRestart: true }, { reboot: true })
    assert.equal(textOf('restart'), 'has lost its ledger over a restart')
    assert.equal(capabilities?.ledger, false)
  })

  it('holds on to a setpoint that has expired', async () => {
    const { textOf } = await foundOf({ holdsOn: true }, { setpointKw: 3 })
    assert.equal(textOf('setpoint'), 'holds on to a setpoint that has expired')
  })

  it('wants signatures, with a key that is not known here: nothing more can be said', async () => {
    const { verdicts, capabilities } = await foundOf({ signed: true }, {}, false)
    assert.deepEqual(verdicts('untried').slice(0, 4), ['command', 'ledger', 'expiry', 'select'])
    assert.equal(capabilities, undefined)
  })
})
