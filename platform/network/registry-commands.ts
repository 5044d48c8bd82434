import { platformClock } from '../clock/clock.ts'
import type { Database } from '../storage/database.ts'
import { readImportFiles } from './import/files.ts'
import { importNetwork, type ImportResult } from './import/import.ts'
import { ImportError } from './import/faults.ts'
import { plural } from './import/csv-text.ts'
import type { Claim, RegistrationStatus } from './registration.ts'
import type { Command } from './registry-flags.ts'
import { listDevices, type ListedDevice, pendingDevices, unknownDevices } from './registry-repository.ts'
import { applyClaims, setStatus } from './repository.ts'

export interface Surroundings {
  readonly timeZone: string
  /** What was asked for; text with its line ends. */
  readonly answer: (text: string) => void
  /** Progress, and what went wrong: a line each. */
  readonly tell: (line: string) => void
}

/** Does what the command line asks for. @returns the exit code: 1 where it could not be done */
export async function runCommand(
  database: Database,
  command: Exclude<Command, { task: 'help' }>,
  surroundings: Surroundings,
): Promise<0 | 1> {
  switch (command.task) {
    case 'import':
      return runImport(database, command.paths, command.dryRun, surroundings)
    case 'list': {
      const devices = await listDevices(database, command.status, platformClock.now())
      surroundings.answer(command.json ? `${JSON.stringify(devices, null, 2)}\n` : describeDevices(devices))
      return 0
    }
    case 'approve':
      return decide(database, command.devices, 'active', surroundings)
    case 'reject':
      return decide(database, command.devices, 'rejected', surroundings)
  }
}

async function runImport(
  database: Database,
  paths: readonly string[],
  dryRun: boolean,
  { timeZone, answer, tell }: Surroundings,
): Promise<0 | 1> {
  let nextReport = performance.now() + 1_000
  try {
    const result = await importNetwork(database, await readImportFiles(paths), {
      timeZone,
      dryRun,
      progress(table, done, total) {
        if (performance.now() < nextReport) return
        nextReport = performance.now() + 1_000
        tell(`${table}: ${done} of ${total} rows written`)
      },
    })
    answer(describeImport(result, dryRun))
    return 0
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    tell(error.message)
    tell(`Nothing was imported: ${plural(error.count, 'error')}.`)
    return 1
  }
}

async function decide(
  database: Database,
  devices: readonly string[] | 'pending',
  status: Extract<RegistrationStatus, 'active' | 'rejected'>,
  { answer, tell }: Surroundings,
): Promise<0 | 1> {
  const { unknown, changed, asked } = await database.transaction(async (client) => {
    const asked = devices === 'pending' ? await pendingDevices(client) : [...new Set(devices)]
    const unknown = await unknownDevices(client, asked)
    if (unknown.length > 0) return { unknown, changed: [], asked }
    if (status === 'active') await applyClaims(client, asked)
    return { unknown, changed: await setStatus(client, asked, status), asked }
  })
  if (unknown.length > 0) {
    tell(`no such device: ${someOf(unknown)}; nothing was changed`)
    return 1
  }
  const verb = status === 'active' ? 'approved' : 'rejected'
  const same = asked.filter((deviceId) => !changed.includes(deviceId))
  if (asked.length === 0) answer('no device waits for approval\n')
  if (changed.length > 0) answer(`${verb} ${plural(changed.length, 'device')}: ${someOf(changed.toSorted())}\n`)
  if (same.length > 0) answer(`${status} before: ${someOf(same)}\n`)
  return 0
}

function describeImport({ tables, activated, stillRejected, closed, ended }: ImportResult, dryRun: boolean): string {
  const rows = tables.map(({ table, added, changed, unchanged }) => [table, added, changed, unchanged].map(String))
  const notes = [
    activated.length > 0 && `no longer waiting for approval: ${someOf(activated)}`,
    stillRejected.length > 0 && `still rejected, since no status column lets them in: ${someOf(stillRejected)}`,
    closed.length > 0 &&
      `ended: ${someOf(closed.map(({ unit_id, device_id, valid_to }) => `${device_id} at ${unit_id} on ${new Date(valid_to).toISOString()}`))}`,
    ended.length > 0 &&
      `told otherwise from then on: ${someOf(ended.map(({ element, valid_to }) => `${element} on ${new Date(valid_to).toISOString()}`))}`,
    dryRun ? 'Nothing was written (--dry-run).' : 'Imported.',
  ]
  return [aligned(['', 'added', 'changed', 'unchanged'], rows, [1, 2, 3]), ...notes.filter((note) => note !== false)]
    .map((line) => `${line}\n`)
    .join('')
}

function describeDevices(devices: readonly ListedDevice[]): string {
  if (devices.length === 0) return 'no devices\n'
  const rows = devices.map((device) => [
    device.deviceId,
    [device.kind ?? 'unknown', device.derType].filter(Boolean).join(' '),
    device.status,
    device.feederId ?? '',
    device.siteId ?? '',
    device.unitId ?? '',
    device.ratedKw === null ? '' : String(device.ratedKw),
    `${device.firstSeenAt.toISOString().slice(0, 19)}Z`,
    device.status === 'pending' ? describeClaim(device.claim) : '',
  ])
  const heads = ['device', 'kind', 'status', 'feeder', 'site', 'unit', 'rated kW', 'known since', 'says of itself']
  const used = heads.map((_, column) => rows.some((row) => row[column] !== ''))
  const ofUsed = <T>(cells: readonly T[]) => cells.filter((_, column) => used[column])
  const right = ofUsed(heads).indexOf('rated kW')
  return `${aligned(ofUsed(heads), rows.map(ofUsed), [right])}\n`
}

/** What a device claims is its own text: shown as JSON shows it, so that it cannot play tricks on a terminal. */
function describeClaim(claim: Claim | null): string {
  const { derType, siteId, feederId, parentFeederId, pMaxKw, location } = claim ?? {}
  const shown = { derType, siteId, feederId, parentFeederId, pMaxKw, location }
  return Object.entries(shown)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value : JSON.stringify(value)}`)
    .join(', ')
}

function aligned(heads: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = heads.map((head, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), head.length),
  )
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const someOf = (names: readonly string[], most = 20): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} … and ${names.length - most} more`
