import assert from 'node:assert/strict'
import fc from 'fast-check'
import { BadFlag } from '../runtime/flags.ts'
import { readCommand } from './registry-flags.ts'

describe('the command line of the registry', () => {
  for (const [line, command] of [
    ['import docs/registry', { task: 'import', paths: ['docs/registry'], dryRun: false }],
    ['import --dry-run a.csv b.csv', { task: 'import', paths: ['a.csv', 'b.csv'], dryRun: true }],
    ['list', { task: 'list', status: undefined, json: false }],
    ['list --status pending --json', { task: 'list', status: 'pending', json: true }],
    ['--json list --status=rejected', { task: 'list', status: 'rejected', json: true }],
    ['approve a b', { task: 'approve', devices: ['a', 'b'] }],
    ['approve --all-pending', { task: 'approve', devices: 'pending' }],
    ['reject a', { task: 'reject', devices: ['a'] }],
    ['--help', { task: 'help' }],
    ['import -h', { task: 'help' }],
    ['help', { task: 'help' }],
  ] as const) {
    it(`understands ${line}`, () => assert.deepEqual(readCommand(line.split(' ')), command))
  }

  for (const [line, message] of [
    ['', 'nothing to do: give import, list, approve or reject (see --help)'],
    ['imports', 'unknown command "imports" (see --help)'],
    ['import', 'import needs a folder or files'],
    ['list --state pending', 'unknown flag --state (see --help)'],
    ['list --status waiting', '--status must be one of pending, active, rejected, got "waiting"'],
    ['list --status', '--status needs a value'],
    ['list --json=yes', '--json takes no value, got "yes"'],
    ['list pv-001', 'unexpected argument "pv-001" (see --help)'],
    ['approve', 'approve needs devices, or --all-pending'],
    ['approve --all-pending pv-001', '--all-pending and the device "pv-001" exclude each other'],
    ['reject', 'reject needs devices'],
    ['reject --all-pending', '--all-pending belongs to approve, not to "reject"'],
    ['list --dry-run', '--dry-run belongs to import, not to "list"'],
  ] as const) {
    it(`refuses "${line}" in one line`, () =>
      assert.throws(
        () => readCommand(line.split(' ').filter(Boolean)),
        (error) => {
          assert.ok(error instanceof BadFlag)
          assert.equal(error.message, message)
          return true
        },
      ))
  }

  it('is understood or refused, whatever it is (property)', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('import', 'list', 'approve', '--status', '--json', '--', '-x', '--__proto__'),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (args) => {
        try {
          readCommand(args)
        } catch (error) {
          assert.ok(error instanceof BadFlag, String(error))
        }
      }),
    )
  })
})
