import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const repository = join(import.meta.dirname, '../..')

/** A small house with one node, and whatever is seeded into it. */
const house = {
  'package.json': JSON.stringify({
    name: 'house',
    type: 'module',
    dependencies: { ajv: '*' },
    workspaces: ['nodes/console'],
    'node-red': { nodes: { store: 'dist/nodes/telemetry/store.js' } },
  }),
  'nodes/console/package.json': JSON.stringify({ name: 'console', 'node-red': { nodes: {} } }),
  'nodes/telemetry/store.ts': `import { write } from './repository.ts'\nexport default write\n`,
  'nodes/telemetry/repository.ts': `import 'ajv'\nexport const write = (): number => 1\n`,
}

describe('dead code', function () {
  this.timeout(60_000)

  it('is not seen where there is none', async () => assert.deepEqual(await findings({}), []))

  it('is found: an export, a file and a dependency that nobody uses', async () => {
    const found = await findings({
      'nodes/telemetry/repository.ts': `export const write = (): number => 1\nexport const read = (): number => 2\n`,
      'nodes/telemetry/forgotten.ts': 'export const left = 1\n',
    })
    assert.deepEqual(found, [
      'dependencies ajv',
      'exports nodes/telemetry/repository.ts read',
      'files nodes/telemetry/forgotten.ts',
    ])
  })
})

type Issue = Readonly<Record<string, unknown>> & { readonly file: string }

/** What knip finds in the house with this repository's configuration. */
async function findings(seeds: Readonly<Record<string, string>>): Promise<string[]> {
  const tree = await mkdtemp(join(tmpdir(), 'dead-code-'))
  try {
    for (const [file, content] of Object.entries({ ...house, ...seeds })) {
      await mkdir(dirname(join(tree, file)), { recursive: true })
      await writeFile(join(tree, file), content)
    }
    for (const own of ['knip.ts', 'tsconfig.json']) await cp(join(repository, own), join(tree, own))
    await symlink(join(repository, 'node_modules'), join(tree, 'node_modules'))
    const { issues } = JSON.parse(await knip(tree)) as { issues: Issue[] }
    return issues.flatMap(linesOf).sort()
  } finally {
    await rm(tree, { recursive: true })
  }
}

function linesOf(issue: Issue): string[] {
  const named = (kind: string): string[] => ((issue[kind] ?? []) as { name: string }[]).map(({ name }) => name)
  return [
    ...named('files').map((name) => `files ${name}`),
    ...named('exports').map((name) => `exports ${issue.file} ${name}`),
    ...named('dependencies').map((name) => `dependencies ${name}`),
  ]
}

async function knip(tree: string): Promise<string> {
  const command = join(repository, 'node_modules/knip/bin/knip.js')
  return new Promise((resolve, reject) => {
    // knip exits with 1 where it found something; what it could not do, it does not say as JSON.
    execFile(
      process.execPath,
      [command, '--reporter', 'json', '--no-config-hints'],
      { cwd: tree },
      (error, stdout, stderr) => {
        if (stdout.trimStart().startsWith('{')) resolve(stdout)
        else reject(new Error(`knip failed: ${stderr}${stdout}`, { cause: error }))
      },
    )
  })
}
