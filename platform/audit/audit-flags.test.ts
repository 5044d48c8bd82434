import assert from 'node:assert/strict'
import { BadFlag } from '../runtime/flags.ts'
import { readAuditCommand } from './audit-flags.ts'

describe('the command line of the audit', () => {
  it('verifies', () =>
    assert.deepEqual(readAuditCommand(['verify', '--anchors', 'a', '--key', 'k.pem', '--file', 'e.jsonl']), {
      ...{ task: 'verify', anchors: 'a', withoutAnchors: false, key: 'k.pem', file: 'e.jsonl' },
    }))

  it('exports', () =>
    assert.deepEqual(
      readAuditCommand(['export', '--from', '2026-11-21', '--to', '2026-11-21T12:00:00-03:00', '--csv']),
      {
        ...{
          task: 'export',
          from: '2026-11-21T00:00:00.000Z',
          to: '2026-11-21T15:00:00.000Z',
          source: null,
          csv: true,
        },
      },
    ))

  it('helps', () => assert.deepEqual(readAuditCommand(['--help']), { task: 'help' }))

  for (const [args, message] of [
    [[], 'give verify or export, not "" (see --help)'],
    [['erase'], 'give verify or export, not "erase" (see --help)'],
    [['verify', 'all'], 'give verify or export, not "verify all" (see --help)'],
    [['verify', '--csv'], '--csv is not for verify (see --help)'],
    [['export', '--anchors', 'a'], '--anchors is not for export (see --help)'],
    [['export', '--from', 'monday'], '--from needs an instant as 2026-11-21T12:00:00Z, got "monday"'],
    [['export', '--to', '2026-11-21T12:00'], '--to needs an instant as 2026-11-21T12:00:00Z, got "2026-11-21T12:00"'],
    [['verify', '--anchors', 'a', '--without-anchors'], 'give --anchors or --without-anchors, not both'],
    [['verify', '--sure'], 'unknown flag --sure (see --help)'],
  ] as const)
    it(`does not understand: ${args.join(' ') || 'nothing'}`, () =>
      assert.throws(() => readAuditCommand(args), new BadFlag(message)))
})
