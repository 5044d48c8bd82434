import { BadFlag, readCommandLine } from '../runtime/flags.ts'

export const usage = `The record of what was done, and whether it is as it was written (docs/audit.md).

  npm run -s audit -- verify             says whether it is, or names the first entry that is not; exit code 1 then
    --anchors <folder>                   AUDIT_ANCHOR_DIR unless given
    --key <file.pem>                     a public key whose restores are believed, beside that of DATA_DIR: of the machine
                                         that the database was on before
    --without-anchors                    the chain alone: then neither a cut tail nor a chain written anew is found
    --file <export.jsonl>                an export of everything in place of the database
  npm run -s audit -- export             all of it, a line of JSON an entry
    --from <instant> --to <instant>      entered from then on, and before then (ISO 8601)
    --source <name>                      access, users, commands, alarm-actions …
    --csv                                as CSV
`

export type AuditCommand =
  | { readonly task: 'help' }
  | {
      readonly task: 'verify'
      /** Undefined: where the environment says. */
      readonly anchors: string | undefined
      readonly withoutAnchors: boolean
      readonly key: string | undefined
      readonly file: string | undefined
    }
  | {
      readonly task: 'export'
      readonly from: string | null
      readonly to: string | null
      readonly source: string | null
      readonly csv: boolean
    }

const known = {
  anchors: { type: 'string' },
  key: { type: 'string' },
  'without-anchors': { type: 'boolean' },
  file: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  source: { type: 'string' },
  csv: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const flagsOf: Readonly<Record<string, readonly string[]>> = {
  verify: ['anchors', 'key', 'without-anchors', 'file'],
  export: ['from', 'to', 'source', 'csv'],
}

/** @throws BadFlag if it cannot be understood */
export function readAuditCommand(args: readonly string[]): AuditCommand {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return { task: 'help' }
  const [task = '', stray] = words
  const allowed = Object.hasOwn(flagsOf, task) ? flagsOf[task]! : undefined
  if (!allowed || stray !== undefined) throw new BadFlag(`give verify or export, not "${words.join(' ')}" (see --help)`)
  const misplaced = [...flags.keys()].find((flag) => !allowed.includes(flag))
  if (misplaced !== undefined) throw new BadFlag(`--${misplaced} is not for ${task} (see --help)`)
  if (task === 'export')
    return {
      task,
      from: instantOf('from', flags.get('from')),
      to: instantOf('to', flags.get('to')),
      source: flags.get('source') ?? null,
      csv: flags.has('csv'),
    }
  if (flags.has('anchors') && flags.has('without-anchors'))
    throw new BadFlag('give --anchors or --without-anchors, not both')
  return {
    task: 'verify',
    anchors: flags.get('anchors'),
    withoutAnchors: flags.has('without-anchors'),
    key: flags.get('key'),
    file: flags.get('file'),
  }
}

function instantOf(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const at = /^\d{4}-\d{2}-\d{2}(T.+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(at)) throw new BadFlag(`--${flag} needs an instant as 2026-11-21T12:00:00Z, got "${text}"`)
  return new Date(at).toISOString()
}
