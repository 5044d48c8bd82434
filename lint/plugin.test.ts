import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A rule, a file that breaks it, and the nearest file that does not. */
interface Seed {
  readonly rule: string
  readonly file: string
  readonly broken: string
  readonly clean: string
}

const seeds: readonly Seed[] = [
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/window.ts',
    broken: `import { store } from '../telemetry/repository.ts'\nexport const keep = store\n`,
    clean: `import type { Batch } from '../telemetry/messages.ts'\nexport const keep = (batch: Batch): Batch => batch\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/topic.ts',
    broken: `import { topic } from '../telemetry/messages.ts'\nexport const ours = topic\n`,
    clean: `import { now } from '../../platform/clock/clock.ts'\nexport const ours = now\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/late.ts',
    broken: `export const late = async () => import('../telemetry/repository.ts')\n`,
    clean: `export const late = async () => import('./window.ts')\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'platform/clock/area.ts',
    broken: `export { topic } from '../../nodes/telemetry/messages.ts'\n`,
    clean: `export { now } from './clock.ts'\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/console/throttle.ts',
    broken: `import { now } from '../../platform/clock/clock.ts'\nexport const time = now\n`,
    clean: `import type { Reading } from '../../platform/wire/reading.ts'\nexport type Shown = Reading\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'simulator/field.ts',
    broken: `import { now } from '../platform/clock/clock.ts'\nexport const time = now\n`,
    clean: `import type { Reading } from '../platform/wire/reading.ts'\nexport type Sent = Reading\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'simulator/plant/plant-year.ts',
    broken: `import { detect } from '../../nodes/solar/domain/detectors/detect.ts'\nexport const judge = detect\n`,
    clean: `import type { Reading } from '../../platform/wire/reading.ts'\nexport type Shown = Reading\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/solar/domain/detectors/detect.ts',
    broken: `import type { FaultKind } from '../../../../simulator/plant/fault-kinds.ts'\nexport type Kind = FaultKind\n`,
    clean: `import type { Reading } from '../../../../platform/wire/reading.ts'\nexport type Kind = Reading\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/domain/bands.ts',
    broken: `import { Pool } from 'pg'\nexport const pool = new Pool()\n`,
    clean: `import type { Reading } from '../../../platform/wire/reading.ts'\nexport type Banded = Reading\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/domain/files.ts',
    broken: `import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n`,
    clean: `export const read = (text: string): string[] => text.split('\\n')\n`,
  },
  {
    rule: 'linhaviva(boundaries)',
    file: 'nodes/voltage/domain/node.ts',
    broken: `import type { NodeAPI } from 'node-red'\nexport type Api = NodeAPI\n`,
    clean: `export type Api = string\n`,
  },
  {
    rule: 'eslint(no-restricted-globals)',
    file: 'nodes/voltage/domain/now.ts',
    broken: `export const age = (at: number): number => Date.now() - at\n`,
    clean: `export const age = (at: number, now: number): number => now - at\n`,
  },
  {
    rule: 'eslint(no-restricted-globals)',
    file: 'nodes/voltage/domain/day.ts',
    broken: `export const day = (): Date => new Date()\n`,
    clean: `export const day = (at: Date): string => at.toISOString()\n`,
  },
  {
    rule: 'eslint(no-restricted-globals)',
    file: 'nodes/voltage/domain/global.ts',
    broken: `export const now = (): number => globalThis.Date.now()\n`,
    clean: `export const now = (clock: { now(): number }): number => clock.now()\n`,
  },
  {
    rule: 'eslint(no-restricted-properties)',
    file: 'nodes/voltage/domain/chance.ts',
    broken: `export const noise = (): number => Math.random()\n`,
    clean: `export const noise = (random: () => number): number => Math.abs(random())\n`,
  },
  {
    rule: 'eslint(no-restricted-properties)',
    file: 'nodes/voltage/domain/taken.ts',
    broken: `const { random } = Math\nexport const noise = (): number => random()\n`,
    clean: `const { abs } = Math\nexport const size = (value: number): number => abs(value)\n`,
  },
  {
    rule: 'linhaviva(input-wrapper)',
    file: 'nodes/voltage/quality.ts',
    broken: `import type { Node } from 'node-red'\nexport const listen = (node: Node): Node => node.on('input', () => undefined)\n`,
    clean: `import type { Node } from 'node-red'\nexport const listen = (node: Node): Node => node.on('close', () => undefined)\n`,
  },
  {
    rule: 'linhaviva(one-clock)',
    file: 'nodes/voltage/expiry.ts',
    broken: `export const expired = (at: number): boolean => at < Date.now()\n`,
    clean: `export const expired = (at: number, now: number): boolean => new Date(at).getTime() < now\n`,
  },
  {
    rule: 'linhaviva(one-clock)',
    file: 'nodes/voltage/repository.ts',
    broken: `export const sql = \`delete from voltage_window where ends_at < now() - interval '1 day'\`\n`,
    clean: `export const sql = \`delete from voltage_window where ends_at < $1 - interval '1 day'\`\n`,
  },
  {
    rule: 'linhaviva(one-clock)',
    file: 'nodes/voltage/marks.ts',
    broken: `export const sql = 'update voltage_window set closed_at = current_timestamp'\n`,
    clean: `export const sql = 'update voltage_window set closed_at = to_timestamp($1)'\n`,
  },
  {
    rule: 'linhaviva(one-clock)',
    file: 'platform/storage/partition.ts',
    broken: `export const today = (): string => new Date().toISOString()\n`,
    clean: `export const today = (now: number): string => new Date(now).toISOString()\n`,
  },
  {
    rule: 'typescript(no-floating-promises)',
    file: 'platform/storage/commit.ts',
    broken: `const commit = async (): Promise<void> => undefined\nexport function close(): void {\n  commit()\n}\n`,
    clean: `const commit = async (): Promise<void> => undefined\nexport async function close(): Promise<void> {\n  await commit()\n}\n`,
  },
  {
    rule: 'typescript(no-explicit-any)',
    file: 'platform/storage/rows.ts',
    broken: `export const rows = (found: any): unknown => found\n`,
    clean: `export const rows = (found: unknown): unknown => found\n`,
  },
  {
    rule: 'eslint(no-empty)',
    file: 'platform/storage/silent.ts',
    broken: `export function attempt(work: () => void): void {\n  try {\n    work()\n  } catch {}\n}\n`,
    clean: `export function attempt(work: () => void): void {\n  try {\n    work()\n  } catch (error) {\n    throw new Error('no', { cause: error })\n  }\n}\n`,
  },
  {
    rule: 'eslint(no-console)',
    file: 'nodes/voltage/loud.ts',
    broken: `export const say = (): void => console.log('x')\n`,
    clean: `export const say = (log: (text: string) => void): void => log('x')\n`,
  },
  {
    rule: 'eslint(max-lines)',
    file: 'platform/storage/long.ts',
    broken: 'export {}\n'.repeat(351),
    clean: 'export {}\n'.repeat(350),
  },
]

/** What the seeds import, so that only what they break is reported. */
const surroundings: Record<string, string> = {
  'platform/wire/reading.ts': 'export interface Reading {\n  readonly at: number\n}\n',
  'platform/clock/clock.ts': 'export const now = (): number => Date.now()\n',
  'nodes/telemetry/messages.ts': `export interface Batch {\n  readonly id: number\n}\nexport const topic = 'der'\n`,
  'nodes/telemetry/repository.ts': 'export const store = (): number => 1\n',
}

const repository = join(import.meta.dirname, '../..')

describe('the linter', function () {
  this.timeout(60_000)
  let broken: Map<string, string[]>
  let clean: Map<string, string[]>

  before(async () => {
    broken = await lint((seed) => seed.broken)
    clean = await lint((seed) => seed.clean)
  })

  for (const seed of seeds) {
    it(`${seed.rule} fires in ${seed.file}: ${seed.broken.split('\n', 1)[0]}`, () => {
      assert.deepEqual([...new Set(broken.get(seed.file))], [seed.rule])
      assert.equal(clean.get(seed.file), undefined)
    })
  }

  it('has nothing against what the seeds stand in', () => {
    for (const file of Object.keys(surroundings)) assert.equal(broken.get(file), undefined)
  })
})

/** Lints a tree of seeds with this repository's configuration: the rules that fire, by file. */
async function lint(side: (seed: Seed) => string): Promise<Map<string, string[]>> {
  const tree = await mkdtemp(join(tmpdir(), 'lint-'))
  try {
    const files = { ...surroundings, ...Object.fromEntries(seeds.map((seed) => [seed.file, side(seed)])) }
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(tree, file)), { recursive: true })
      await writeFile(join(tree, file), content)
    }
    await mkdir(join(tree, 'lint'))
    for (const own of [
      '.oxlintrc.json',
      'tsconfig.json',
      'lint/plugin.ts',
      'lint/boundaries.ts',
      'lint/database-time.ts',
      'package.json',
    ]) {
      await cp(join(repository, own), join(tree, own))
    }
    await symlink(join(repository, 'node_modules'), join(tree, 'node_modules'))
    return await rulesByFile(tree)
  } finally {
    await rm(tree, { recursive: true })
  }
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[]
}

async function rulesByFile(tree: string): Promise<Map<string, string[]>> {
  const oxlint = join(repository, 'node_modules/oxlint/bin/oxlint')
  const output = await new Promise<string>((resolve, reject) => {
    // oxlint exits with 1 where it found something; what it could not do, it does not say as JSON.
    execFile(process.execPath, [oxlint, '--type-aware', '--format', 'json'], { cwd: tree }, (error, stdout, stderr) => {
      if (stdout.trimStart().startsWith('{')) resolve(stdout)
      else reject(new Error(`oxlint failed: ${stderr}${stdout}`, { cause: error }))
    })
  })
  const found = new Map<string, string[]>()
  for (const { code, filename } of (JSON.parse(output) as Report).diagnostics) {
    const file = filename.split('\\').join('/')
    found.set(file, [...(found.get(file) ?? []), code])
  }
  return found
}
