import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { CommandState } from '../../nodes/commands/domain/command.ts'
import type { History } from './history.ts'
import { report } from './report.ts'

const noon = Date.UTC(2026, 2, 10, 12)
const command = (n: number, deviceId: string, state: CommandState): History['commands'][number] => ({
  ...{ commandId: `c-${n}`, key: `key-${n}`, deviceId, type: 'open', state, needsVerification: true, expiresAt: noon },
})
const sent = (n: number, deviceId: string, phase: 'operate' | 'query'): History['sent'][number] => ({
  ...{ deviceId, at: noon, retained: false },
  message: { command_id: `c-${n}`, control_number: n, phase, type: 'open', args: {}, expires_at: noon },
})
const device = (deviceId: string, ledger: boolean): History['devices'][number] => ({
  ...{ deviceId, kind: 'switch', keepsLedger: ledger, skewMs: 0, failing: 0, mostActMs: 0 },
  capabilities: { ledger, expiry: true, select: false, clock: true, signature: false },
})

const history: History = {
  ...{ wishes: [], transitions: [], disturbed: new Set(), released: new Set(['c-2']), retained: [], audit: undefined },
  commands: [command(1, 'sw-1', 'verified'), command(2, 'sw-2', 'reconciled_done')],
  sent: [sent(1, 'sw-1', 'operate'), sent(1, 'sw-1', 'operate'), sent(1, 'sw-1', 'query'), sent(2, 'sw-2', 'operate')],
  effects: [1, 2, 2].map((n) => ({ deviceId: `sw-${n}`, commandId: `c-${n}`, at: noon })),
  devices: [device('sw-1', true), device('sw-2', false)],
}

describe('the report of a campaign', () => {
  const lines = (breaches: Parameters<typeof report>[2]): string[] =>
    report(history, new Map([['broker restarts', 2]]), breaches).split('\n')
  const shows = (name: string, count: number): void => {
    const line = lines([]).find((one) => one.startsWith(`  ${name} `))
    assert.match(line ?? `no line ${name}`, new RegExp(` ${count}$`))
  }

  for (const [name, count] of [
    ['commands', 2],
    ['operates sent', 3],
    ['  of them again', 1],
    ['  of them again, without a ledger', 0],
    ['queries sent', 1],
    ['effects', 3],
    ['  double, with a ledger', 0],
    ['  double, without, by the network', 1],
    ['released by a person', 1],
    ['broker restarts', 2],
    ['verified', 1],
  ] as const)
    it(`counts: ${name.trim()}`, () => shows(name, count))

  it('says of every rule that it holds', () => {
    const verdicts = lines([]).filter((line) => /^(holds|BROKEN) /.test(line))
    assert.ok(verdicts.length > 10 && verdicts.every((line) => line.startsWith('holds')))
  })

  it('says what broke which rule, a few of many', () => {
    const told = lines(Array.from({ length: 7 }, (_, n) => ({ rule: 'nothing is left open', what: `c-${n} is open` })))
    const at = told.indexOf('BROKEN  nothing is left open')
    assert.deepEqual(
      told.slice(at + 1, at + 7),
      [0, 1, 2, 3, 4].map((n) => `    c-${n} is open`).concat('    … 7 in all'),
    )
  })
})
