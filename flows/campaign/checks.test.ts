import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { CommandState } from '../../nodes/commands/domain/command.ts'
import type { CommandPhase } from '../../platform/wire/command.ts'
import { breachesOf, ruleNames } from './checks.ts'
import type { History, Sent, StoredCommand, StoredTransition } from './history.ts'

const noon = Date.UTC(2026, 2, 10, 12)
const idOf = (n: number): string => `0000000${n}-0000-4000-8000-000000000000`

const device = (deviceId: string, ledger: boolean): History['devices'][number] => ({
  ...{ deviceId, kind: 'switch', keepsLedger: ledger, skewMs: 0, failing: 0, mostActMs: 100 },
  capabilities: { ledger, expiry: true, select: false, clock: true, signature: false },
})
const command = (n: number, over: Partial<StoredCommand> = {}): StoredCommand => ({
  ...{
    commandId: idOf(n),
    key: `key-${n}`,
    deviceId: 'sw-1',
    type: 'open',
    state: 'verified',
    needsVerification: true,
  },
  expiresAt: noon + 60_000,
  ...over,
})
const sent = (
  n: number,
  over: Partial<Sent> & { readonly phase?: CommandPhase; readonly number?: number } = {},
): Sent => ({
  ...{ deviceId: 'sw-1', at: noon + n * 1_000, retained: false },
  ...over,
  message: {
    ...{
      command_id: idOf(n),
      control_number: over.number ?? n,
      phase: over.phase ?? 'operate',
      type: 'open',
      args: {},
    },
    expires_at: new Date(noon + 60_000).toISOString(),
  },
})
const steps = (n: number, ...states: readonly CommandState[]): StoredTransition[] =>
  states.map((to, index) => ({ commandId: idOf(n), from: states[index - 1] ?? null, to, cause: 'test' }))
const effect = (n: number, deviceId = 'sw-1') => ({ deviceId, commandId: idOf(n), at: noon + n * 1_000 + 100 })

/** One command that was sent, done and seen, and one that was asked about and not done. */
const sound: History = {
  wishes: [1, 2].map((n) => ({ keys: [`key-${n}`], deviceId: 'sw-1', commandId: idOf(n) })),
  commands: [command(1), command(2, { state: 'reconciled_not_done' })],
  transitions: [
    ...steps(1, 'queued', 'dispatched', 'delivered', 'accepted', 'executed', 'verified'),
    ...steps(2, 'queued', 'dispatched', 'unknown', 'reconciled_not_done'),
  ],
  sent: [sent(1), sent(1, { at: noon + 1_500 }), sent(2), sent(2, { phase: 'query', at: noon + 30_000 })],
  ...{ disturbed: new Set([idOf(1)]), released: new Set(), effects: [effect(1)], retained: [], audit: undefined },
  devices: [device('sw-1', true), device('sw-2', false)],
}

describe('the checks of a campaign', () => {
  const broken = (over: Partial<History>): string[] => [
    ...new Set(breachesOf({ ...sound, ...over }).map(({ rule }) => rule)),
  ]

  it('find nothing where nothing is wrong', () => assert.deepEqual(breachesOf(sound), []))

  const without = (state: CommandState, effects: number): Partial<History> => ({
    wishes: [{ keys: ['key-1'], deviceId: 'sw-2', commandId: idOf(1) }],
    commands: [command(1, { deviceId: 'sw-2', state })],
    transitions: steps(1, 'queued', 'dispatched', state),
    ...{ sent: [sent(1, { deviceId: 'sw-2' })], effects: Array.from({ length: effects }, () => effect(1, 'sw-2')) },
  })

  const breaks: readonly (readonly [what: string, rule: string, over: Partial<History>])[] = [
    [
      'a command that was promised and is not there',
      'no request is lost',
      { wishes: [...sound.wishes, { keys: ['key-3'], deviceId: 'sw-1', commandId: idOf(3) }] },
    ],
    [
      'a request that became two',
      'a request is one command',
      { wishes: [{ ...sound.wishes[0]!, keys: ['key-1', 'key-2'] }] },
    ],
    ['a command that nobody asked for', 'a request is one command', { wishes: [sound.wishes[0]!] }],
    ['a chain that is broken', 'the chain of the audit is sound', { audit: 'row 7 was changed' }],
    ['a retained command', 'no command is retained', { sent: [sent(1, { retained: true }), ...sound.sent.slice(1)] }],
    ['one that the broker keeps', 'no command is retained', { retained: ['grid/commands/sw-1'] }],
    ['an effect of nothing', 'every effect is of a command', { effects: [...sound.effects, effect(7)] }],
    [
      'an effect after a denial',
      'an effect is known, and what is known had its effect',
      { effects: [...sound.effects, effect(2)] },
    ],
    ['no effect', 'an effect is known, and what is known had its effect', { effects: [] }],
    [
      'no effect without a ledger',
      'an effect is known, and what is known had its effect',
      { ...without('verified', 0), disturbed: new Set() },
    ],
    [
      'a second attempt without a ledger',
      'without a ledger nothing is sent again',
      { ...without('verified', 1), sent: [1, 2].map(() => sent(1, { deviceId: 'sw-2' })) },
    ],
    ['one that is open', 'nothing is left open', { ...without('unknown', 0) }],
    ['one that waits to be seen', 'nothing is left open', without('executed', 1)],
    [
      'a person who had to decide',
      'a device with a ledger needs nobody to say how it ended',
      { released: new Set([idOf(2)]) },
    ],
    [
      'one that is sent late',
      'nothing is sent after its expiry',
      { sent: [...sound.sent, sent(2, { at: noon + 60_501 })] },
    ],
    ['a number that fell', 'control numbers grow, one for each command', { sent: [sent(1), sent(2, { number: 1 })] }],
    [
      'a number that changed',
      'control numbers grow, one for each command',
      { sent: [sent(1), sent(1, { number: 2 })] },
    ],
    [
      'a step from nowhere',
      'every step leads on from the one before',
      { transitions: sound.transitions.toSpliced(1, 1) },
    ],
    [
      'a state without a step',
      'every step leads on from the one before',
      { transitions: sound.transitions.slice(0, -1) },
    ],
    [
      'two at a time',
      'a device has one command at a time',
      {
        transitions: [
          ...steps(1, 'queued', 'dispatched'),
          ...steps(2, 'queued', 'dispatched', 'unknown', 'reconciled_not_done'),
          ...steps(1, 'dispatched', 'executed', 'verified').slice(1),
        ],
      },
    ],
  ]
  for (const [what, rule, over] of breaks) it(`find ${what}`, () => assert.deepEqual(broken(over), [rule]))

  it('find two effects of one command, and name it', () =>
    assert.deepEqual(breachesOf({ ...sound, effects: [effect(1), effect(1)] }), [
      { rule: 'a wish has at most one effect on a device with a ledger', what: 'request key-1 had 2 effects on sw-1' },
      {
        rule: 'an effect is known, and what is known had its effect',
        what: `${idOf(1)} (open of sw-1, verified) had 2 effects`,
      },
    ]))

  it('find two effects of a request that was not told from its repetition', () => {
    const twice = { ...sound, wishes: [{ keys: ['key-1', 'key-2'], deviceId: 'sw-1', commandId: idOf(1) }] }
    const rules = breachesOf({ ...twice, effects: [effect(1), effect(2)] }).map(({ rule }) => rule)
    assert.ok(rules.includes('a wish has at most one effect on a device with a ledger'), rules.join())
  })

  it('leave to the network what it does twice to a device without a ledger', () =>
    assert.deepEqual(breachesOf({ ...sound, ...without('verified', 2) }), []))

  it('end a command without verification when it is executed', () => {
    const executed = without('executed', 1)
    const commands = executed.commands!.map((one) => ({ ...one, needsVerification: false }))
    assert.deepEqual(breachesOf({ ...sound, ...executed, commands }), [])
  })

  it('are all shown to find something', () => {
    const shown = new Set([
      ...breaks.map(([, rule]) => rule),
      'a wish has at most one effect on a device with a ledger',
    ])
    assert.deepEqual(
      [...ruleNames].filter((rule) => !shown.has(rule)),
      [],
    )
  })
})
