import { BadFlag, readCommandLine } from '../runtime/flags.ts'
import type { RegistrationStatus } from './registration.ts'

/** What the command line asks for. */
export type Command =
  | { readonly task: 'help' }
  | { readonly task: 'import'; readonly paths: readonly string[]; readonly dryRun: boolean }
  | { readonly task: 'list'; readonly status: RegistrationStatus | undefined; readonly json: boolean }
  | { readonly task: 'approve'; readonly devices: readonly string[] | 'pending' }
  | { readonly task: 'reject'; readonly devices: readonly string[] }

export const usage = `The registry of Linha Viva: feeders, sites, conjuntos, devices, consumer units, their meters, and what supplies them.

  npm run registry -- import <folder or files …>   imports feeders.csv, sites.csv, conjuntos.csv, devices.csv, units.csv,
                                                    meters.csv, sources.csv, switches.csv, earthings.csv, transformers.csv,
                                                    supplies.csv, services.csv: all or, where anything is wrong, nothing
    --dry-run         checks everything and writes nothing
  npm run registry -- list                          devices, and what those that wait for approval say of themselves
    --status STATUS   only those that are pending, active or rejected
    --json            as JSON
  npm run registry -- approve <device …>            lets devices in
    --all-pending     every device that waits for approval
  npm run registry -- reject <device …>             keeps devices out

Environment: DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, DB_SSL; without DB_HOST the embedded database that runs on
DATA_DIR. TIME_ZONE says when a day begins. The files are described in docs/registry.md.
`

const statuses: readonly RegistrationStatus[] = ['pending', 'active', 'rejected']

const flags = {
  'dry-run': { type: 'boolean', task: 'import' },
  status: { type: 'string', task: 'list' },
  json: { type: 'boolean', task: 'list' },
  'all-pending': { type: 'boolean', task: 'approve' },
} as const

const options = { ...flags, help: { type: 'boolean', short: 'h' } } as const

/** Reads the command line. @throws BadFlag */
export function readCommand(args: readonly string[]): Command {
  const { flags: given, words } = readCommandLine(args, options)
  const [task, ...names] = words
  if (given.has('help') || task === 'help') return { task: 'help' }
  if (task === undefined) throw new BadFlag('nothing to do: give import, list, approve or reject (see --help)')
  for (const [name, flag] of Object.entries(flags)) {
    if (given.has(name as keyof typeof flags) && flag.task !== task)
      throw new BadFlag(`--${name} belongs to ${flag.task}, not to "${task}"`)
  }
  switch (task) {
    case 'import':
      if (names.length === 0) throw new BadFlag('import needs a folder or files')
      return { task, paths: names, dryRun: given.has('dry-run') }
    case 'list':
      if (names.length > 0) throw new BadFlag(`unexpected argument "${names[0]}" (see --help)`)
      return { task, status: statusOf(given.get('status')), json: given.has('json') }
    case 'approve':
      if (given.has('all-pending')) {
        if (names.length > 0) throw new BadFlag(`--all-pending and the device "${names[0]}" exclude each other`)
        return { task, devices: 'pending' }
      }
      if (names.length === 0) throw new BadFlag('approve needs devices, or --all-pending')
      return { task, devices: names }
    case 'reject':
      if (names.length === 0) throw new BadFlag('reject needs devices')
      return { task, devices: names }
    default:
      throw new BadFlag(`unknown command "${task}" (see --help)`)
  }
}

function statusOf(text: string | undefined): RegistrationStatus | undefined {
  if (text === undefined) return undefined
  const status = statuses.find((one) => one === text)
  if (status === undefined) throw new BadFlag(`--status must be one of ${statuses.join(', ')}, got "${text}"`)
  return status
}
